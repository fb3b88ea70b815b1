#pragma once

#include <array>

namespace kiloword {

/// The filter that images are resized with, in Pillow's arithmetic.
enum class ResizeFilter { kBicubic, kBilinear, kLanczos, kBox, kHamming };

/// Which side of an image is scaled to S + margin_px, before the centre S x S is cut out.
enum class ResizeMode {
  kShortest,  ///< the shortest, the other one in proportion (CLIP)
  kStretch,   ///< both, out of proportion (SigLIP)
  kLongest,   ///< the longest; what the image leaves of S x S is black (OpenCLIP's "longest")
  kPatches    ///< none: both in proportion, to as many whole patches as an image may have (SigLIP 2 NaFlex)
};

/// Where the centre begins when an odd number of pixels is to be cut off.
enum class CropRounding {
  kDown,       ///< transformers: `(scaled - S) // 2`
  kHalfToEven  ///< torchvision, OpenAI and OpenCLIP: Python's `round((scaled - S) / 2)`
};

/// Sides of an image in pixels.
struct PictureSize {
  int width = 0;
  int height = 0;
};

/// The images that a model expects. Plain data, so that the networks can state it without linking to image
/// code.
struct PreprocessSpec {
  int size_px = 224;  ///< S: side of the square that the network sees; of kPatches, of a square image
  ResizeMode mode = ResizeMode::kShortest;
  ResizeFilter filter = ResizeFilter::kBicubic;
  /// Per channel R, G, B, in units of pixel / level_range.
  std::array<float, 3> mean{0.48145466F, 0.4578275F, 0.40821073F};
  std::array<float, 3> std{0.26862954F, 0.26130258F, 0.27577711F};
  int margin_px = 0;  ///< how much longer than S the side is scaled, which the crop removes
  CropRounding rounding = CropRounding::kHalfToEven;
  float level_range = 255.0F;  ///< what pixels are divided by before mean and deviation
  int patch_px = 0;            ///< of kPatches: side of a patch
  int max_patches = 0;         ///< of kPatches: how many an image may have
};

}  // namespace kiloword
