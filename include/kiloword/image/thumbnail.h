#pragma once

#include <string>
#include <string_view>

#include "kiloword/image/decode.h"

namespace kiloword {

/// A small JPEG file of the image file `bytes`, as a viewer shows it: its longer side has `longer_px` (at
/// least 1) pixels, or fewer if the image itself is smaller. Throws Error(kInput) like decode_image().
std::string jpeg_thumbnail(std::string_view bytes, int longer_px, const DecodeLimits& limits = {});

}  // namespace kiloword
