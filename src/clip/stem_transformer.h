#pragma once

#include "clip/patch_tower.h"
#include "clip/tensor_names.h"

namespace kiloword {

/// The image tower of MobileCLIP-B (Vasu et al. 2024, section 4.1): a vision transformer with patches of 16 x
/// 16 pixels after a convolutional stem (Xiao et al. 2021). The strides of the stem's three layers equal
/// their kernels (4, 2 and 2), so each layer is a matrix product over the rows of smaller patches. The class
/// token has no position. Tensor names are OpenCLIP's, and timm's inside the trunk.
class StemTransformer : public PatchTower {
 public:
  StemTransformer(WeightLoader& loader, const Compute& compute, const ClipConfig& config);

 private:
  struct StemLayer {
    at::Tensor weight;  // [outputs, kernel kernel inputs]
    at::Tensor bias;    // [outputs]
  };

  at::Tensor embed_patches(const at::Tensor& pixels) const override;
  at::Tensor begin(const at::Tensor& patches) const override;
  at::Tensor pool(const std::vector<Rows>& groups) const override;

  StemLayer stem_[3];
  at::Tensor class_embedding_;  // [1, 1, C]
  at::Tensor positions_;        // [1, N, C]
  LayerNorm post_norm_;
  Linear projection_;
};

}  // namespace kiloword
