#include "evaluation/png_canvas.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "kiloword/base/error.h"
#include "kiloword/base/utf8.h"

namespace kiloword {
namespace {

constexpr int kScale = 2;     // pixels of a coordinate
constexpr int kFraction = 4;  // binary digits of a pixel that OpenCV places shapes by
constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;
constexpr int kStroke = 1;  // of letters, pixels

cv::Point place(double x, double y) {
  constexpr double kUnits = kScale * (1 << kFraction);
  return {static_cast<int>(std::lround(kUnits * x)), static_cast<int>(std::lround(kUnits * y))};
}

/// "#rgb" or "#rrggbb".
cv::Scalar bgr(const std::string& colour) {
  const bool is_short = colour.size() == 4;
  const auto channel = [&](size_t number) {
    const std::string digits =
        is_short ? std::string(2, colour.at(1 + number)) : colour.substr(1 + 2 * number, 2);
    return static_cast<double>(std::strtol(digits.c_str(), nullptr, 16));
  };
  return {channel(2), channel(1), channel(0)};
}

/// `text` on as little white ground as it needs.
cv::Mat written(const std::string& text, int size) {
  std::string ascii;
  for (const char c : printable(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      ascii += c;
    } else if ((byte & 0xC0) == 0xC0) {  // the first byte of a character
      ascii += '?';
    }
  }
  const double height = cv::getFontScaleFromHeight(kFont, kScale * size * 7 / 10, kStroke);
  int below = 0;
  const cv::Size extent = cv::getTextSize(ascii, kFont, height, kStroke, &below);
  cv::Mat ground(extent.height + 2 * below, extent.width + 2, CV_8UC3, cv::Scalar::all(255));
  cv::putText(ground, ascii, {1, extent.height}, kFont, height, bgr("#222"), kStroke, cv::LINE_AA);
  return ground;
}

/// Darkens `picture` by `ink`, whose upper left corner is at `left`, `top`; what lies outside is left out.
void stamp(cv::Mat& picture, const cv::Mat& ink, int left, int top) {
  const cv::Rect inside =
      cv::Rect(left, top, ink.cols, ink.rows) & cv::Rect(0, 0, picture.cols, picture.rows);
  if (inside.empty()) return;
  cv::Mat under = picture(inside);
  cv::min(under, ink(cv::Rect(inside.x - left, inside.y - top, inside.width, inside.height)), under);
}

}  // namespace

PngCanvas::PngCanvas(int width, int height)
    : picture_(kScale * height, kScale * width, CV_8UC3, cv::Scalar::all(255)) {}

void PngCanvas::line(double x1, double y1, double x2, double y2, const std::string& colour, bool dashed) {
  constexpr double kDash = 5;
  constexpr double kGap = 4;
  const double length = std::hypot(x2 - x1, y2 - y1);
  const auto at = [&](double along) {
    const double share = length > 0 ? along / length : 0;
    return place(x1 + (x2 - x1) * share, y1 + (y2 - y1) * share);
  };
  const double dash = dashed ? kDash : length;
  const int dashes = dashed ? static_cast<int>(std::ceil(length / (kDash + kGap))) : 1;
  for (int i = 0; i < dashes; ++i) {
    const double from = i * (dash + kGap);
    cv::line(picture_, at(from), at(std::min(from + dash, length)), bgr(colour), kScale, cv::LINE_AA,
             kFraction);
  }
}

void PngCanvas::rectangle(double x, double y, double width, double height, const std::string& colour) {
  const auto pixel = [](double value) { return static_cast<int>(std::lround(kScale * value)); };
  const cv::Rect box(cv::Point(pixel(x), pixel(y)), cv::Point(pixel(x + width), pixel(y + height)));
  picture_(box & cv::Rect(0, 0, picture_.cols, picture_.rows)).setTo(bgr(colour));
}

void PngCanvas::polyline(const std::vector<std::pair<double, double>>& points, const std::string& colour) {
  std::vector<cv::Point> corners;
  corners.reserve(points.size());
  for (const auto& [x, y] : points) corners.push_back(place(x, y));
  if (corners.empty()) return;
  cv::polylines(picture_, corners, false, bgr(colour), 2 * kScale, cv::LINE_AA, kFraction);
}

void PngCanvas::circle(double x, double y, double radius, const std::string& colour) {
  cv::circle(picture_, place(x, y), place(radius, 0).x, bgr(colour), cv::FILLED, cv::LINE_AA, kFraction);
}

void PngCanvas::text(double x, double y, const std::string& text, TextAnchor anchor, int size) {
  const cv::Mat ink = written(text, size);
  const double share = anchor == TextAnchor::kStart ? 0.0 : anchor == TextAnchor::kEnd ? 1.0 : 0.5;
  const auto below = static_cast<int>(std::lround(0.3 * kScale * size));
  stamp(picture_, ink, static_cast<int>(std::lround(kScale * x - share * ink.cols)),
        static_cast<int>(std::lround(kScale * y)) + below - ink.rows);
}

void PngCanvas::upright_text(double x, double y, const std::string& text) {
  constexpr int kSize = 12;
  cv::Mat ink;
  cv::rotate(written(text, kSize), ink, cv::ROTATE_90_COUNTERCLOCKWISE);
  stamp(picture_, ink, static_cast<int>(std::lround(kScale * x)) - ink.cols / 2,
        static_cast<int>(std::lround(kScale * y)) - ink.rows / 2);
}

std::string PngCanvas::finish() const {
  std::vector<uint8_t> file;
  if (!cv::imencode(".png", picture_, file)) throw Error(ErrorKind::kInternal, "a plot cannot be encoded");
  return {file.begin(), file.end()};
}

}  // namespace kiloword
