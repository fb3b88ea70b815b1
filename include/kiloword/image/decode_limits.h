#pragma once

#include <cstdint>

namespace kiloword {

/// What decoding an untrusted file may cost, and how it is done.
struct DecodeLimits {
  /// Images of more pixels are refused from their header alone. The default is Pillow's bound. Decoding takes
  /// at most 6 bytes for each of them and 64 MB; what would need more is refused before it is taken.
  int64_t max_pixels = 178956970;
  /// Whether decode_for_model() takes the time to decode large JPEGs at full size.
  bool exact = false;
  /// Whether samples are taken for sRGB whatever the embedded ICC profile says.
  bool ignore_profile = false;
  int page = 1;  ///< of a PDF, from 1
};

}  // namespace kiloword
