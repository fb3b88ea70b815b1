#pragma once

#include "clip/patch_tower.h"
#include "clip/probe_pool.h"
#include "clip/tensor_names.h"

namespace kiloword {

/// The image tower of PE-Core (Bolya et al. 2025, "Perception Encoder", 2.1): a vision transformer with
/// learned and two-dimensional rotary positions and a norm before the blocks, pooled by attention, class
/// token included, and projected. Tensor names are OpenCLIP's, and timm's inside the trunk.
class PerceptionEncoder : public PatchTower {
 public:
  PerceptionEncoder(WeightLoader& loader, const Compute& compute, const ClipConfig& config);

 private:
  at::Tensor begin(const at::Tensor& patches) const override;
  at::Tensor pool(const std::vector<Rows>& groups) const override;

  int64_t extra_tokens_;        // 1 with a class token, else 0
  at::Tensor class_embedding_;  // [1, 1, C]
  at::Tensor positions_;        // [1, T, C]
  LayerNorm pre_norm_;
  ProbePool pool_;
  Linear projection_;
};

}  // namespace kiloword
