#pragma once

#include "clip/patch_tower.h"
#include "clip/probe_pool.h"
#include "clip/tensor_names.h"

namespace kiloword {

/// SigLIP's image tower (Zhai et al. 2023): a vision transformer without class token, pooled by attention.
/// Its width C is the embedding dimension D.
class AttentionPooledTower : public PatchTower {
 public:
  AttentionPooledTower(WeightLoader& loader, const Compute& compute, const ClipConfig& config,
                       const AttentionPooledNames& names);

 private:
  at::Tensor begin(const at::Tensor& patches) const override;
  at::Tensor pool(const std::vector<Rows>& groups) const override;

  at::Tensor positions_;  // [N, C]
  ProbePool pool_;
};

}  // namespace kiloword
