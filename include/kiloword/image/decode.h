#pragma once

#include <cstdint>
#include <string_view>

#include "kiloword/image/image.h"

namespace kiloword {

/// How much of an untrusted file a decoder may believe.
struct DecodeLimits {
  /// Images of more pixels are refused from their header alone. The default is Pillow's bound.
  int64_t max_pixels = 178956970;
};

/// Decodes the image file `bytes` to RGB as a viewer shows it: turned by its EXIF orientation, laid over
/// white where transparent, 16-bit samples cut to 8, grey and CMYK converted; of an animation the first
/// frame. Throws Error(kInput) without a place (see Error::at) for what probe_image() refuses, for images
/// over the limit, and for data that is cut off or corrupt: never returns a half-decoded picture.
Image decode_image(std::string_view bytes, const DecodeLimits& limits = {});

}  // namespace kiloword
