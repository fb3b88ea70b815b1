#pragma once

#include <cstdint>

namespace kiloword {

/// Limits and options of decoding an untrusted file.
struct DecodeLimits {
  /// Images of more pixels are refused from their header alone. The default is Pillow's limit. Decoding takes
  /// at most 6 bytes a pixel and 64 MB; an image that needs more is refused before allocation.
  int64_t max_pixels = 178956970;
  /// Whether decode_for_model() decodes large JPEGs at full size.
  bool exact = false;
  /// Whether to ignore an embedded ICC profile and treat samples as sRGB.
  bool ignore_profile = false;
  int page = 1;  ///< of a PDF, from 1
};

}  // namespace kiloword
