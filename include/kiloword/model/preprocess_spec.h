#pragma once

#include <array>

namespace kiloword {

/// The filter that images are resized with, in Pillow's arithmetic.
enum class ResizeFilter { kBicubic, kBilinear, kLanczos, kBox, kHamming };

/// Which side of an image is scaled to S + margin_px, before the centre S x S is cut out.
enum class ResizeMode {
  kShortest,  ///< the shortest, the other one in proportion (CLIP)
  kStretch,   ///< both, out of proportion (SigLIP)
  kLongest    ///< the longest; the rest of S x S is black (OpenCLIP's "longest")
};

/// Where the centre begins when the pixels to be cut off are odd in number.
enum class CropRounding {
  kDown,       ///< transformers: `(scaled - S) // 2`
  kHalfToEven  ///< torchvision, OpenAI and OpenCLIP: Python's `round((scaled - S) / 2)`
};

/// How a model's images are preprocessed. Plain data, so that networks can state it without linking to image
/// code.
struct PreprocessSpec {
  int size_px = 224;  ///< S: side of the square that the network sees
  ResizeMode mode = ResizeMode::kShortest;
  ResizeFilter filter = ResizeFilter::kBicubic;
  /// Per channel R, G, B, in units of pixel / level_range.
  std::array<float, 3> mean{0.48145466F, 0.4578275F, 0.40821073F};
  std::array<float, 3> std{0.26862954F, 0.26130258F, 0.27577711F};
  int margin_px = 0;  ///< how much longer than S the side is scaled, which the crop removes
  CropRounding rounding = CropRounding::kHalfToEven;
  float level_range = 255.0F;  ///< divisor of pixels, before mean and deviation
};

}  // namespace kiloword
