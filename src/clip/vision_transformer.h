#pragma once

#include "clip/patch_tower.h"
#include "clip/tensor_names.h"

namespace kiloword {

/// CLIP's vision transformer, with a norm before the blocks, pooled at its class token (Radford et al. 2021,
/// 2.4).
class VisionTransformer : public PatchTower {
 public:
  VisionTransformer(WeightLoader& loader, const Compute& compute, const ClipConfig& config,
                    const VisionTransformerNames& names);

 private:
  at::Tensor begin(const at::Tensor& patches) const override;
  at::Tensor pool(const std::vector<Rows>& groups) const override;

  at::Tensor class_embedding_;  // [C]
  at::Tensor positions_;        // [N + 1, C]
  LayerNorm pre_norm_;
  LayerNorm post_norm_;
  Linear projection_;
};

}  // namespace kiloword
