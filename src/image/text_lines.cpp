#include "image/text_lines.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace kiloword {
namespace {

constexpr int kContrast = 16;        // grey levels that ink differs from its surroundings by
constexpr int kLeastLetters = 3;     // of a line
constexpr double kMaxHeight = 0.35;  // of the picture's
constexpr int kMaxShapes = 2000;     // more shapes that could be letters are a texture

/// A connected shape that could be a letter.
struct Shape {
  cv::Rect box;
  double fill = 0;    ///< share of its box that is ink
  double stroke = 0;  ///< width of its strokes, pixels
  double grey = 0;    ///< mean level
};

/// Sums over the pixels of a component.
struct ShapeSums {
  double grey = 0;
  double depth = 0;  ///< distances to the edge
  double deepest = 0;
};

/// Of the component `label` of `labels`, whose bounding box is `box`. No pixel is farther from its edge than
/// the ring around that box.
ShapeSums sums_of(const cv::Mat& labels, int label, const cv::Rect& box, const cv::Mat& grey) {
  cv::Mat own(box.height + 2, box.width + 2, CV_8UC1, cv::Scalar(0));
  cv::Mat inner = own(cv::Rect(1, 1, box.width, box.height));
  cv::compare(labels(box), label, inner, cv::CMP_EQ);
  cv::Mat depth;
  cv::distanceTransform(own, depth, cv::DIST_L2, 3);
  ShapeSums sums;
  for (int y = 0; y < box.height; ++y) {
    const uint8_t* ink_row = inner.ptr<uint8_t>(y);
    const uint8_t* level = grey.ptr<uint8_t>(box.y + y) + box.x;
    const auto* distance = depth.ptr<float>(y + 1) + 1;
    for (int x = 0; x < box.width; ++x) {
      if (ink_row[x] == 0) continue;
      sums.grey += level[x];
      sums.depth += distance[x];
      sums.deepest = std::max(sums.deepest, static_cast<double>(distance[x]));
    }
  }
  return sums;
}

/// The shapes of `mask` that have the size and build of letters.
std::vector<Shape> letter_shapes(const cv::Mat& mask, const cv::Mat& grey, double min_height) {
  cv::Mat labels;
  cv::Mat stats;
  cv::Mat centroids;
  const int count = cv::connectedComponentsWithStats(mask, labels, stats, centroids, 8, CV_32S);
  std::vector<Shape> shapes;
  for (int i = 1; i < count; ++i) {
    const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                       stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
    const double area = stats.at<int>(i, cv::CC_STAT_AREA);
    const double shape = static_cast<double>(box.width) / box.height;
    const double fill = area / box.area();
    const bool has_size = box.height >= min_height && box.height <= kMaxHeight * mask.rows;
    const bool has_build = shape > 0.08 && shape < 2.0 && fill > 0.2 && (fill < 0.9 || shape < 0.4);
    if (!has_size || !has_build) continue;
    const ShapeSums own = sums_of(labels, i, box, grey);
    const double stroke =
        4 * own.depth / area;  // depths of a straight stroke average to a quarter of its width
    const bool has_strokes = stroke < 0.45 * box.height && 2 * own.deepest < 2.2 * stroke;
    if (has_strokes) shapes.push_back({box, fill, stroke, own.grey / area});
  }
  return shapes;
}

bool are_alike(double a, double b, double ratio) {
  return std::max(a, b) <= ratio * std::min(a, b);
}

/// Whether `b` may be the next letter of the line that `a` is in.
bool are_neighbours(const Shape& a, const Shape& b) {
  const int height = std::max(a.box.height, b.box.height);
  const int gap = std::max(a.box.x, b.box.x) -
                  std::min(a.box.x + a.box.width, b.box.x + b.box.width);  // negative: they overlap
  const int overlap = std::min(a.box.br().y, b.box.br().y) - std::max(a.box.y, b.box.y);
  return gap < 0.8 * height && gap > -0.25 * height && overlap > 0.6 * std::min(a.box.height, b.box.height) &&
         are_alike(a.box.height, b.box.height, 1.9) && are_alike(a.stroke, b.stroke, 1.8) &&
         std::abs(a.grey - b.grey) < 36;
}

/// Deviation over mean.
double variation(const std::vector<double>& values) {
  const double count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / count) / std::max(mean, 1e-9);
}

int median(std::vector<int> values) {
  const auto middle = values.begin() + static_cast<long>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

cv::Rect around(const std::vector<Shape>& letters) {
  cv::Rect box = letters.front().box;
  for (const Shape& letter : letters) box |= letter.box;
  return box;
}

/// Whether shapes that are next to each other are a word: level, not copies of one shape, and, where there
/// are few of them, more alike than chance makes them.
bool is_line(const std::vector<Shape>& letters) {
  const auto count = static_cast<long>(letters.size());
  if (count < kLeastLetters) return false;
  std::vector<double> widths;
  std::vector<double> fills;
  std::vector<double> strokes;
  std::vector<double> greys;
  std::vector<int> bottoms;
  std::vector<int> heights;
  for (const Shape& letter : letters) {
    widths.push_back(letter.box.width);
    fills.push_back(letter.fill);
    strokes.push_back(letter.stroke);
    greys.push_back(letter.grey + 32);  // so that near black small differences do not count for much
    bottoms.push_back(letter.box.br().y);
    heights.push_back(letter.box.height);
  }
  const int bottom = median(bottoms);
  const int height = median(heights);
  const cv::Rect box = around(letters);
  if (box.width < 1.5 * height || box.height > 2.2 * height) return false;
  const auto on_line = std::count_if(letters.begin(), letters.end(), [&](const Shape& letter) {
    return std::abs(letter.box.br().y - bottom) <= std::max(2.0, 0.12 * height);
  });
  // Three shapes in a row are common in any picture, seven are not.
  const double strictness = count == 3 ? 0.22 : count == 4 ? 0.45 : 1.0;
  const bool is_level = count < 5 ? on_line == count : 3 * on_line >= 2 * count;
  const bool has_one_pen = variation(strokes) < 0.28 * strictness && variation(greys) < 0.25 * strictness;
  return is_level && has_one_pen && variation(widths) + variation(fills) > 0.12;
}

class Groups {
 public:
  explicit Groups(size_t count) : parents_(count) { std::iota(parents_.begin(), parents_.end(), size_t{0}); }
  size_t find(size_t i) {
    while (parents_[i] != i) i = parents_[i] = parents_[parents_[i]];
    return i;
  }
  void join(size_t a, size_t b) { parents_[find(a)] = find(b); }

 private:
  std::vector<size_t> parents_;
};

void add_lines(std::vector<Shape> shapes, Ink kind, std::vector<TextLine>& lines) {
  if (static_cast<int>(shapes.size()) > kMaxShapes) return;
  std::sort(shapes.begin(), shapes.end(), [](const Shape& a, const Shape& b) { return a.box.x < b.box.x; });
  Groups groups(shapes.size());
  for (size_t i = 0; i < shapes.size(); ++i) {
    const int reach = shapes[i].box.br().x + 2 * shapes[i].box.height;
    for (size_t j = i + 1; j < shapes.size() && shapes[j].box.x <= reach; ++j) {
      if (are_neighbours(shapes[i], shapes[j])) groups.join(i, j);
    }
  }
  std::vector<std::vector<Shape>> members(shapes.size());
  for (size_t i = 0; i < shapes.size(); ++i) members[groups.find(i)].push_back(shapes[i]);
  for (const std::vector<Shape>& letters : members) {
    if (!is_line(letters)) continue;
    const cv::Rect box = around(letters);
    lines.push_back({{static_cast<double>(box.x), static_cast<double>(box.y), static_cast<double>(box.width),
                      static_cast<double>(box.height)},
                     static_cast<int>(letters.size()),
                     kind});
  }
}

}  // namespace

cv::Mat plane_of(const cv::Mat& picture, Ink ink) {
  cv::Mat plane;
  if (ink == Ink::kColoured) {
    cv::Mat channels[3];  // NOLINT(modernize-avoid-c-arrays): cv::split's
    cv::split(picture, channels);
    cv::min(channels[0], channels[1], plane);
    cv::min(plane, channels[2], plane);
    return plane;
  }
  cv::cvtColor(picture, plane, cv::COLOR_RGB2GRAY);
  if (ink == Ink::kBright) cv::bitwise_not(plane, plane);
  return plane;
}

cv::Mat ink(const cv::Mat& plane) {
  const int block = std::max(15, std::min(plane.cols, plane.rows) / 6) | 1;
  cv::Mat mask;
  cv::adaptiveThreshold(plane, mask, 255, cv::ADAPTIVE_THRESH_MEAN_C, cv::THRESH_BINARY_INV, block,
                        kContrast);
  return mask;
}

std::vector<TextLine> find_text(const Image& image, double min_height_px) {
  std::vector<TextLine> lines;
  if (image.width < 8 || image.height < 8) return lines;
  // The pixels are only read.
  const cv::Mat picture(image.height, image.width, CV_8UC3, const_cast<uint8_t*>(image.rgb.data()));
  for (const Ink kind : {Ink::kDark, Ink::kBright, Ink::kColoured}) {
    const cv::Mat plane = plane_of(picture, kind);
    add_lines(letter_shapes(ink(plane), plane, min_height_px), kind, lines);
  }
  return lines;
}

}  // namespace kiloword
