#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "image/color_transform.h"
#include "kiloword/image/decode.h"
#include "kiloword/image/probe.h"

namespace kiloword {

/// What a decoder is told beside the file: what it may take, and what its colours are.
struct DecodeContext {
  /// The most bytes that the picture and everything beside it may take.
  uint64_t max_bytes = UINT64_MAX;
  std::string profile;  ///< embedded; empty where there is none, or it is to be ignored
  bool ignore_profile = false;

  /// Throws Error(kInput) where decoding will take more than `bytes` in all, before they are taken.
  void check_memory(uint64_t bytes, const ImageHeader& header) const;

  /// See ColorTransform::to_srgb().
  std::shared_ptr<const ColorTransform> transform(ColorSpace from) const {
    return ColorTransform::to_srgb(profile, from);
  }
};

/// 6 bytes for each of `limits.max_pixels`, and 48 MiB, of which 16 are left for what decoders take whatever
/// the picture is.
uint64_t max_decoding_bytes(const DecodeLimits& limits);

}  // namespace kiloword
