#pragma once

#include <vector>

#include "kiloword/image/video.h"

namespace kiloword {

/// Maximum number of pixels of a frame's longer side.
constexpr int kFrameSide = 1024;

/// The times in seconds of the frames that `choice` selects from `duration_s` seconds: at most kMaxFrames,
/// and four unless it gives a count or an interval. {0} if the duration is unknown (0).
std::vector<double> frame_times(double duration_s, const FrameChoice& choice);

/// The middle of each shot; `changes` (ascending) are the ends of all shots but the last. At most kMaxFrames,
/// preferring the longest shots.
std::vector<double> shot_times(double duration_s, const std::vector<double>& changes);

}  // namespace kiloword
