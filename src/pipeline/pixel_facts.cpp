#include "kiloword/pipeline/pixel_facts.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace kiloword {
namespace {

// In levels of 0..255.
constexpr double kWhite = 225;
constexpr double kBlack = 25;
constexpr double kColourless = 8;     // between the channels of a grey pixel, at most
constexpr double kBorderShare = 0.5;  // of the border that a background takes: things reach it too
constexpr double kTopShare = 0.3;  // of the upper and of the lower edge: a white sky has the upper one alone
constexpr double kSideShare = 0.25;      // of one of the other two
constexpr double kColouredShare = 0.01;  // of the pixels of a grey image, at most

constexpr size_t kSkyPart = 8;         // the uppermost eighth is looked at
constexpr double kSkyShare = 0.7;      // of its pixels
constexpr double kNight = 45;          // no channel of a night sky is lighter
constexpr double kNightShare = 0.5;    // of all pixels of a picture by night
constexpr double kBlueOverRed = 1.25;  // of a blue sky, beside kDaylight and blue as the strongest channel
constexpr double kDaylight = 140;

class Levels {
 public:
  Levels(const std::vector<float>& pixels, PictureSize size, const PreprocessSpec& spec)
      : pixels_(pixels),
        spec_(spec),
        width_(static_cast<size_t>(size.width)),
        height_(static_cast<size_t>(size.height)),
        area_(width_ * height_) {}

  size_t width() const { return width_; }
  size_t height() const { return height_; }
  size_t area() const { return area_; }
  std::array<double, 3> at(size_t index) const {
    std::array<double, 3> rgb{};
    for (size_t c = 0; c < rgb.size(); ++c) {
      rgb[c] = (static_cast<double>(pixels_[c * area_ + index]) * spec_.std[c] + spec_.mean[c]) *
               spec_.level_range;
    }
    return rgb;
  }

 private:
  const std::vector<float>& pixels_;
  const PreprocessSpec& spec_;
  size_t width_;
  size_t height_;
  size_t area_;
};

/// Whether the edges (top, bottom, left, right) have enough of one colour to be a background's.
bool is_background(const std::array<double, 4>& shares) {
  const double mean = (shares[0] + shares[1] + shares[2] + shares[3]) / 4;
  return mean >= kBorderShare && std::min(shares[0], shares[1]) >= kTopShare &&
         std::max(shares[2], shares[3]) >= kSideShare;
}

/// `count` pixels from index `first` on, `step` apart.
struct Edge {
  size_t first;
  size_t step;
  size_t count;
};

PixelFacts::Background background_of(const Levels& levels) {
  const size_t width = levels.width();
  const size_t height = levels.height();
  const std::array<Edge, 4> edges{
      {{0, 1, width}, {(height - 1) * width, 1, width}, {0, width, height}, {width - 1, width, height}}};
  std::array<double, 4> white{};
  std::array<double, 4> black{};
  for (size_t edge = 0; edge < edges.size(); ++edge) {
    const double share = 1 / static_cast<double>(edges[edge].count);
    for (size_t i = 0; i < edges[edge].count; ++i) {
      const std::array<double, 3> rgb = levels.at(edges[edge].first + i * edges[edge].step);
      if (*std::min_element(rgb.begin(), rgb.end()) >= kWhite) white[edge] += share;
      if (*std::max_element(rgb.begin(), rgb.end()) <= kBlack) black[edge] += share;
    }
  }
  if (is_background(white)) return PixelFacts::Background::kWhite;
  return is_background(black) ? PixelFacts::Background::kBlack : PixelFacts::Background::kAny;
}

bool is_sky_blue(const std::array<double, 3>& rgb) {
  return rgb[2] >= kDaylight && rgb[2] >= kBlueOverRed * rgb[0] && rgb[2] > rgb[1] && rgb[1] > rgb[0];
}

PixelFacts::Sky sky_of(const Levels& levels) {
  const size_t upper = levels.area() / kSkyPart;
  double blue = 0;
  double upper_dark = 0;
  double dark = 0;
  for (size_t i = 0; i < levels.area(); ++i) {
    const std::array<double, 3> rgb = levels.at(i);
    const bool is_dark = *std::max_element(rgb.begin(), rgb.end()) <= kNight;
    if (is_dark) dark += 1;
    if (i >= upper) continue;
    if (is_dark) upper_dark += 1;
    if (is_sky_blue(rgb)) blue += 1;
  }
  const double enough = kSkyShare * static_cast<double>(upper);
  if (upper > 0 && blue >= enough) return PixelFacts::Sky::kBlue;
  const bool is_night = upper_dark >= enough && dark >= kNightShare * static_cast<double>(levels.area());
  return upper > 0 && is_night ? PixelFacts::Sky::kNight : PixelFacts::Sky::kAny;
}

bool is_grey(const Levels& levels) {
  size_t coloured = 0;
  for (size_t i = 0; i < levels.area(); ++i) {
    const std::array<double, 3> rgb = levels.at(i);
    const auto [least, most] = std::minmax_element(rgb.begin(), rgb.end());
    if (*most - *least > kColourless) ++coloured;
  }
  return static_cast<double>(coloured) <= kColouredShare * static_cast<double>(levels.area());
}

}  // namespace

PixelFacts pixel_facts(const std::vector<float>& pixels, PictureSize size, const PreprocessSpec& spec) {
  PixelFacts facts;
  if (size.width < 1 || size.height < 1) return facts;
  const Levels levels(pixels, size, spec);
  if (pixels.size() != 3 * levels.area()) return facts;
  facts.background = background_of(levels);
  facts.sky = sky_of(levels);
  facts.is_grey = is_grey(levels);
  return facts;
}

}  // namespace kiloword
