#pragma once

#include <string_view>
#include <vector>

#include "kiloword/image/video.h"

namespace kiloword {

/// read_frames() of an animated WebP, by libwebp's own decoder of animations. Scene changes are not looked
/// for: each frame counts as a shot. Throws Error(kInput).
std::vector<VideoFrame> webp_frames(std::string_view bytes, const FrameChoice& choice,
                                    const DecodeLimits& limits);

}  // namespace kiloword
