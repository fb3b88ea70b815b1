#include "kiloword/image/written_text.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "image/text_lines.h"
#include "kiloword/image/preprocess.h"

namespace kiloword {
namespace {

// Letters lower than this in what the network sees are not legible to it.
constexpr double kLegiblePx = 6.0;
// Writing is looked for in a picture of so many times the network's, and of so many pixels at most.
constexpr int kMagnification = 2;
constexpr int kMaxSide = 448;

cv::Mat view_of(const Image& image) {
  // The pixels are only read.
  return {image.height, image.width, CV_8UC3, const_cast<uint8_t*>(image.rgb.data())};
}

/// The strokes of all lines, 255 where there is one: shapes in a line's box that are no higher than its
/// letters, and what is close around them.
cv::Mat stroke_mask(const cv::Mat& picture, const std::vector<TextLine>& lines) {
  cv::Mat mask = cv::Mat::zeros(picture.size(), CV_8UC1);
  for (const TextLine& line : lines) {
    const double height = line.box.height;
    const cv::Rect box =
        cv::Rect(cv::Point2d(line.box.left - height / 2, line.box.top - height / 4),
                 cv::Point2d(line.box.left + line.box.width + height / 2, line.box.top + 1.25 * height)) &
        cv::Rect(0, 0, picture.cols, picture.rows);
    cv::Mat strokes = ink(plane_of(picture, line.ink))(box).clone();
    cv::Mat labels;
    cv::Mat stats;
    cv::Mat centroids;
    const int count = cv::connectedComponentsWithStats(strokes, labels, stats, centroids, 8, CV_32S);
    for (int i = 1; i < count; ++i) {
      if (stats.at<int>(i, cv::CC_STAT_HEIGHT) > 1.3 * height) strokes.setTo(0, labels == i);
    }
    const int reach = std::max(1, static_cast<int>(std::lround(height / 8)));
    const cv::Mat disc = cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * reach + 1, 2 * reach + 1});
    cv::dilate(strokes, strokes, disc);
    cv::Mat own = mask(box);
    cv::bitwise_or(own, strokes, own);
  }
  return mask;
}

/// Replaces what `mask` covers of `picture` by the mean of what is near and not covered.
void paint_over(cv::Mat& picture, const cv::Mat& mask, int reach) {
  cv::Mat known;
  cv::Mat(255 - mask).convertTo(known, CV_32F, 1.0 / 255);
  cv::Mat weights;
  cv::merge(std::vector<cv::Mat>{known, known, known}, weights);
  cv::Mat colours;
  picture.convertTo(colours, CV_32FC3);
  cv::multiply(colours, weights, colours);
  for (int pass = 0; pass < 2; ++pass) {  // two box means are nearly a Gaussian one
    cv::blur(colours, colours, {2 * reach + 1, 2 * reach + 1});
    cv::blur(weights, weights, {2 * reach + 1, 2 * reach + 1});
  }
  cv::divide(colours, weights + 1e-6, colours);
  colours.convertTo(colours, CV_8UC3);
  colours.copyTo(picture, mask);
}

}  // namespace

std::optional<Image> paint_over_text(const DecodedImage& decoded, const PreprocessSpec& spec) {
  PreprocessSpec larger = spec;
  larger.filter = ResizeFilter::kBilinear;
  larger.size_px = std::max(spec.size_px, std::min(kMagnification * spec.size_px, kMaxSide));
  const double magnification = static_cast<double>(larger.size_px) / spec.size_px;
  larger.margin_px = static_cast<int>(std::lround(spec.margin_px * magnification));
  larger.patch_px = static_cast<int>(std::lround(spec.patch_px * magnification));
  const Image large = fit_for_model(decoded, larger);
  const std::vector<TextLine> lines = find_text(large, kLegiblePx * magnification);
  if (lines.empty()) return std::nullopt;

  Image without = fit_for_model(decoded, spec);
  const cv::Size size(without.width, without.height);
  cv::Mat mask;
  cv::resize(stroke_mask(view_of(large), lines), mask, size, 0, 0, cv::INTER_AREA);
  cv::threshold(mask, mask, 0, 255, cv::THRESH_BINARY);  // a pixel that has any writing in it
  double height = 0;
  for (const TextLine& line : lines) height = std::max(height, line.box.height);
  cv::Mat pixels(size, CV_8UC3, without.rgb.data());
  paint_over(pixels, mask, static_cast<int>(std::ceil(height / magnification)));
  return without;
}

}  // namespace kiloword
