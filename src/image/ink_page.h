#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "kiloword/image/written_text.h"

namespace kiloword {

/// The letters of `lines` in black on a white page (CV_8UC1) of the size of `picture` (CV_8UC3), without
/// their background: outlined letters on a photo become plain ones. Boxes of `lines` are in pixels of
/// `picture` divided by `scale`.
cv::Mat ink_page(const cv::Mat& picture, const std::vector<TextLine>& lines, double scale);

/// The share of pixels that equal their left neighbour to within one level: over 0.8 for computer-drawn
/// images.
double flat_share(const cv::Mat& picture);

}  // namespace kiloword
