#pragma once

#include "clip/patch_tower.h"
#include "clip/tensor_names.h"

namespace kiloword {

/// SigLIP's image tower (Zhai et al. 2023): a vision transformer without class token; a learned probe attends
/// to all patches, and a feed-forward layer follows (the MAP head of Zhai et al. 2022, "Scaling Vision
/// Transformers", 2.1). Its width is the joint one.
class AttentionPooledTower : public PatchTower {
 public:
  AttentionPooledTower(WeightLoader& loader, const Compute& compute, const ClipConfig& config,
                       const AttentionPooledNames& names);

 private:
  at::Tensor begin(const at::Tensor& patches) const override;
  at::Tensor pool(const std::vector<Rows>& groups) const override;
  at::Tensor attend(const Rows& rows) const;

  int64_t heads_;
  Activation activation_;
  at::Tensor positions_;  // [N, C]
  at::Tensor query_;      // [1, C], the probe's
  LayerNorm post_norm_;
  Linear qkv_;
  Linear out_;
  LayerNorm norm_;
  Linear hidden_;
  Linear hidden_out_;
};

}  // namespace kiloword
