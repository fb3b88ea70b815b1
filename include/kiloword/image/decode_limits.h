#pragma once

#include <cstdint>

namespace kiloword {

/// Limits and options of decoding an untrusted file.
struct DecodeLimits {
  /// Images with more pixels are rejected by their header. The default is Pillow's limit. Decoding takes at
  /// most 6 bytes per pixel of this limit plus 64 MB; an image that needs more is rejected before allocation.
  int64_t max_pixels = 178956970;
  /// Whether decode_for_model() decodes large JPEGs at full size.
  bool exact = false;
  /// Whether to ignore an embedded ICC profile and treat samples as sRGB.
  bool ignore_profile = false;
  int page = 1;  ///< of a PDF, from 1
};

}  // namespace kiloword
