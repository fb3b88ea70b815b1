#pragma once

#include <vector>

#include "clip/config.h"
#include "clip/tensor_names.h"
#include "kiloword/nn/layers.h"
#include "kiloword/nn/transformer.h"

namespace kiloword {

/// Attention pooling of SigLIP's image towers: a learned probe attends to all patches, followed by a
/// feed-forward layer (the MAP head of Zhai et al. 2022, "Scaling Vision Transformers", 2.1).
class ProbePool {
 public:
  /// `rows`: see LinearSpec::rows.
  ProbePool(WeightLoader& loader, const Compute& compute, const VisionConfig& vision,
            const AttentionPooledNames& names, std::vector<int64_t> rows);

  /// Images after the last block -> embeddings [B, C], fp32.
  at::Tensor operator()(const std::vector<Rows>& groups) const;

 private:
  at::Tensor attend(const Rows& rows) const;

  at::ScalarType type_;
  int64_t width_;  // C
  int64_t heads_;
  Activation activation_;
  at::Tensor query_;  // [1, C], projected probe
  LayerNorm post_norm_;
  Linear qkv_;
  Linear out_;
  LayerNorm norm_;
  Linear hidden_;
  Linear hidden_out_;
};

}  // namespace kiloword
