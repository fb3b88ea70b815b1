#pragma once

#include <string_view>
#include <vector>

#include "kiloword/image/video.h"

namespace kiloword {

/// read_frames() for an animated WebP, using libwebp's animation decoder. Does not detect scene changes: each
/// frame counts as a shot. Throws Error(kInput).
std::vector<VideoFrame> webp_frames(std::string_view bytes, const FrameChoice& choice,
                                    const DecodeLimits& limits);

}  // namespace kiloword
