#pragma once

#include <vector>

#include "clip/config.h"
#include "clip/tensor_names.h"
#include "kiloword/nn/layers.h"
#include "kiloword/nn/transformer.h"

namespace kiloword {

/// How SigLIP's image towers make one embedding of a picture's patches: a learned probe attends to all of
/// them, and a feed-forward layer follows (the MAP head of Zhai et al. 2022, "Scaling Vision Transformers",
/// 2.1).
class ProbePool {
 public:
  /// `rows`: of calls on the CPU, as of LinearSpec.
  ProbePool(WeightLoader& loader, const Compute& compute, const VisionConfig& vision,
            const AttentionPooledNames& names, std::vector<int64_t> rows);

  /// Pictures behind the last block -> embeddings [B, C], fp32.
  at::Tensor operator()(const std::vector<Rows>& groups) const;

 private:
  at::Tensor attend(const Rows& rows) const;

  at::ScalarType type_;
  int64_t width_;  // C
  int64_t heads_;
  Activation activation_;
  at::Tensor query_;  // [1, C], the probe's
  LayerNorm post_norm_;
  Linear qkv_;
  Linear out_;
  LayerNorm norm_;
  Linear hidden_;
  Linear hidden_out_;
};

}  // namespace kiloword
