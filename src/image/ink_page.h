#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "kiloword/image/written_text.h"

namespace kiloword {

/// The letters of `lines`, whose boxes are in pixels of `picture` (CV_8UC3) divided by `scale`, black on a
/// white page of its size (CV_8UC1), without what they stand on: outlined letters on a photo become plain
/// ones.
cv::Mat ink_page(const cv::Mat& picture, const std::vector<TextLine>& lines, double scale);

/// The share of pixels that equal their left neighbour to a level: over 0.8 where a program drew the image.
double flat_share(const cv::Mat& picture);

}  // namespace kiloword
