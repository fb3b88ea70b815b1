#pragma once

#include <opencv2/core.hpp>

#include "kiloword/image/written_text.h"

namespace kiloword {

/// The plane of an RGB image (CV_8UC3) in which writing of this kind contrasts: CV_8UC1, dark where there is
/// ink.
cv::Mat plane_of(const cv::Mat& picture, Ink ink);

/// A mask: 255 where `plane` is clearly darker than its surroundings.
cv::Mat ink(const cv::Mat& plane);

}  // namespace kiloword
