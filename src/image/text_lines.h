#pragma once

#include <opencv2/core.hpp>

#include "kiloword/image/written_text.h"

namespace kiloword {

/// What writing of a kind stands out in, of an RGB picture (CV_8UC3): CV_8UC1, dark where there is ink.
cv::Mat plane_of(const cv::Mat& picture, Ink ink);

/// 255 where `plane` is clearly darker than its surroundings.
cv::Mat ink(const cv::Mat& plane);

}  // namespace kiloword
