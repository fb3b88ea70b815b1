#pragma once

#include <array>

namespace kiloword {

/// What pictures are resized with, in Pillow's arithmetic.
enum class ResizeFilter { kBicubic, kBilinear };

/// How a model wants its pictures. Plain data, so that the networks can state it without linking to image
/// code.
struct PreprocessSpec {
  int size_px = 224;  ///< S: side of the square that the network sees
  /// true: shortest side to S + margin_px, then the centre S x S (CLIP); false: stretched to S x S (SigLIP).
  bool center_crop = true;
  ResizeFilter filter = ResizeFilter::kBicubic;
  /// Per channel R, G, B, in units of pixel / 255.
  std::array<float, 3> mean{0.48145466F, 0.4578275F, 0.40821073F};
  std::array<float, 3> std{0.26862954F, 0.26130258F, 0.27577711F};
  int margin_px = 0;  ///< how much of the shortest side the crop leaves out
};

}  // namespace kiloword
