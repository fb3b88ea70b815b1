#include "kiloword/pipeline/pixel_facts.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace kiloword {
namespace {

// In levels of 0..255.
constexpr double kWhite = 235;
constexpr double kBlack = 20;
constexpr double kColourless = 8;        // between the channels of a grey pixel, at most
constexpr double kBorderShare = 0.95;    // of the border that a background takes
constexpr double kColouredShare = 0.01;  // of the pixels of a grey image, at most

class Levels {
 public:
  Levels(const std::vector<float>& pixels, const PreprocessSpec& spec)
      : pixels_(pixels),
        spec_(spec),
        area_(static_cast<size_t>(spec.size_px) * static_cast<size_t>(spec.size_px)) {}

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
  size_t area_;
};

PixelFacts::Background background_of(const Levels& levels, size_t side) {
  size_t border = 0;
  size_t white = 0;
  size_t black = 0;
  const auto look = [&](size_t index) {
    const std::array<double, 3> rgb = levels.at(index);
    ++border;
    if (*std::min_element(rgb.begin(), rgb.end()) >= kWhite) ++white;
    if (*std::max_element(rgb.begin(), rgb.end()) <= kBlack) ++black;
  };
  for (size_t i = 0; i < side; ++i) {
    for (const size_t index : {i, (side - 1) * side + i, i * side, i * side + side - 1}) look(index);
  }
  const double enough = kBorderShare * static_cast<double>(border);
  if (static_cast<double>(white) >= enough) return PixelFacts::Background::kWhite;
  if (static_cast<double>(black) >= enough) return PixelFacts::Background::kBlack;
  return PixelFacts::Background::kAny;
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

PixelFacts pixel_facts(const std::vector<float>& pixels, const PreprocessSpec& spec) {
  const Levels levels(pixels, spec);
  PixelFacts facts;
  if (spec.size_px < 1 || pixels.size() != 3 * levels.area()) return facts;
  facts.background = background_of(levels, static_cast<size_t>(spec.size_px));
  facts.is_grey = is_grey(levels);
  return facts;
}

}  // namespace kiloword
