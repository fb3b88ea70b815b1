#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "image/color_transform.h"
#include "kiloword/image/decode.h"
#include "kiloword/image/probe.h"

namespace kiloword {

/// A decoder's memory limit and the colour profile of the file.
struct DecodeContext {
  /// Memory limit for decoding, including the image itself.
  uint64_t max_bytes = UINT64_MAX;
  std::string profile;  ///< embedded ICC profile; empty if there is none, or it is ignored
  bool ignore_profile = false;

  /// Throws Error(kInput) if `bytes`, the total that decoding will allocate, exceed max_bytes.
  void check_memory(uint64_t bytes, const ImageHeader& header) const;

  /// See ColorTransform::to_srgb().
  std::shared_ptr<const ColorTransform> transform(ColorSpace from) const {
    return ColorTransform::to_srgb(profile, from);
  }
};

/// 6 bytes for each of `limits.max_pixels`, plus 48 MiB; another 16 MiB are reserved for fixed costs of
/// decoders.
uint64_t max_decoding_bytes(const DecodeLimits& limits);

}  // namespace kiloword
