#pragma once

#include <array>

namespace kiloword {

/// The filter that images are resized with, in Pillow's arithmetic.
enum class ResizeFilter { kBicubic, kBilinear, kLanczos, kBox, kHamming };

/// Which side of an image is scaled to S + margin_px, before the centre crop of S x S.
enum class ResizeMode {
  kShortest,  ///< the shortest, keeping the aspect ratio (CLIP)
  kStretch,   ///< both, ignoring the aspect ratio (SigLIP)
  kLongest,   ///< the longest; the rest of S x S is black (OpenCLIP's "longest")
  kPatches    ///< neither: fits the maximum number of patches, keeping the aspect ratio (SigLIP 2 NaFlex)
};

/// How the offset of the centre crop is rounded.
enum class CropRounding {
  kDown,       ///< transformers: `(scaled - S) // 2`
  kHalfToEven  ///< torchvision, OpenAI and OpenCLIP: Python's `round((scaled - S) / 2)`
};

/// The size of an image in pixels.
struct PictureSize {
  int width = 0;
  int height = 0;
};

/// A model's preprocessing. Plain data, so that networks need not link to image code.
struct PreprocessSpec {
  int size_px = 224;  ///< S: side of the network's square input; for kPatches, of a square image's
  ResizeMode mode = ResizeMode::kShortest;
  ResizeFilter filter = ResizeFilter::kBicubic;
  /// Per channel R, G, B, in units of pixel / level_range.
  std::array<float, 3> mean{0.48145466F, 0.4578275F, 0.40821073F};
  std::array<float, 3> std{0.26862954F, 0.26130258F, 0.27577711F};
  int margin_px = 0;  ///< scaled size minus S, which the crop removes
  CropRounding rounding = CropRounding::kHalfToEven;
  float level_range = 255.0F;  ///< divisor of pixels before mean and deviation
  int patch_px = 0;            ///< for kPatches: side of a patch
  int max_patches = 0;         ///< for kPatches: maximum number per image
};

}  // namespace kiloword
