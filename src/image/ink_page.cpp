#include "image/ink_page.h"

#include <algorithm>
#include <cstdlib>
#include <opencv2/imgproc.hpp>

#include "image/text_lines.h"

namespace kiloword {
namespace {

constexpr int kRowStep = 4;  // rows that flat_share() looks at

/// The box of `line` on the page, with room for letters that the line's finder left out.
cv::Rect room_of(const TextLine& line, double scale, const cv::Size& page) {
  const double height = line.box.height * scale;
  return cv::Rect(cv::Point2d(line.box.left * scale - 2 * height, line.box.top * scale - height / 4),
                  cv::Point2d((line.box.left + line.box.width) * scale + 2 * height,
                              line.box.top * scale + 1.25 * height)) &
         cv::Rect(cv::Point(0, 0), page);
}

/// Removes what is too large or too small for a letter of `height`.
void keep_letters(cv::Mat& strokes, double height) {
  cv::Mat labels;
  cv::Mat stats;
  cv::Mat centroids;
  const int count = cv::connectedComponentsWithStats(strokes, labels, stats, centroids, 8, CV_32S);
  for (int i = 1; i < count; ++i) {
    const int own_height = stats.at<int>(i, cv::CC_STAT_HEIGHT);
    const bool is_letter = own_height <= 1.3 * height && own_height >= 0.1 * height &&
                           stats.at<int>(i, cv::CC_STAT_WIDTH) <= 3 * height;
    if (!is_letter) strokes.setTo(0, labels == i);
  }
}

}  // namespace

cv::Mat ink_page(const cv::Mat& picture, const std::vector<TextLine>& lines, double scale) {
  cv::Mat page(picture.size(), CV_8UC1, cv::Scalar(255));
  for (const Ink kind : {Ink::kDark, Ink::kBright, Ink::kColoured}) {
    const auto is_kind = [kind](const TextLine& line) { return line.ink == kind; };
    if (std::none_of(lines.begin(), lines.end(), is_kind)) continue;
    const cv::Mat mask = ink(plane_of(picture, kind));
    for (const TextLine& line : lines) {
      if (!is_kind(line)) continue;
      const cv::Rect room = room_of(line, scale, page.size());
      cv::Mat strokes = mask(room).clone();
      keep_letters(strokes, line.box.height * scale);
      cv::Mat own = page(room);
      own.setTo(0, strokes);
    }
  }
  cv::GaussianBlur(page, page, {3, 3}, 0.8);  // the recogniser was trained on soft edges
  return page;
}

double flat_share(const cv::Mat& picture) {
  int64_t flat = 0;
  int64_t count = 0;
  for (int y = 0; y < picture.rows; y += kRowStep) {
    const uint8_t* row = picture.ptr<uint8_t>(y);
    for (int x = 3; x < picture.cols * 3; x += 3, ++count) {
      const int most = std::max({std::abs(row[x] - row[x - 3]), std::abs(row[x + 1] - row[x - 2]),
                                 std::abs(row[x + 2] - row[x - 1])});
      if (most <= 1) ++flat;
    }
  }
  return count == 0 ? 0 : static_cast<double>(flat) / static_cast<double>(count);
}

}  // namespace kiloword
