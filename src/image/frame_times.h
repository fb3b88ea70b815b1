#pragma once

#include <vector>

#include "kiloword/image/video.h"

namespace kiloword {

/// The longer side of a frame that is handed out has at most so many pixels.
constexpr int kFrameSide = 1024;

/// The times, in seconds, of the frames that `choice` asks for of `duration_s` seconds: at most kMaxFrames,
/// four unless a number or a distance is given; {0} of an unknown duration (0).
std::vector<double> frame_times(double duration_s, const FrameChoice& choice);

/// The middle of each shot, where `changes` (ascending) end all but the last; at most kMaxFrames, the longest
/// shots first chosen.
std::vector<double> shot_times(double duration_s, const std::vector<double>& changes);

}  // namespace kiloword
