#pragma once

#include <vector>

#include "clip/patch_tower.h"
#include "clip/tensor_names.h"

namespace kiloword {

/// OpenCLIP's attentional pooler: learned queries that attend to the rows of a picture (Yu et al. 2022,
/// "CoCa", section 3.2).
class AttentionalPooler {
 public:
  /// `rows`: of calls on the CPU, as of LinearSpec.
  AttentionalPooler(WeightLoader& loader, const Compute& compute, const ClipConfig& config,
                    std::vector<int64_t> rows);

  /// What the first `queries` find in pictures behind the last block, all equally long: [B, queries, D],
  /// fp32.
  at::Tensor operator()(const Rows& rows, int64_t queries) const;

 private:
  at::ScalarType type_;
  int64_t dim_;  // D
  int64_t heads_;
  at::Tensor queries_;     // [Q, D], projected
  at::Tensor value_bias_;  // [D]
  LayerNorm key_norm_;
  Linear key_value_;
  Linear out_;
};

/// CoCa's image tower as OpenCLIP trained it: CLIP's vision transformer, whose rows learned queries attend
/// to. What the first one finds is projected to the embedding; captions are written from the others.
class CocaTower : public PatchTower {
 public:
  CocaTower(WeightLoader& loader, const Compute& compute, const ClipConfig& config,
            const VisionTransformerNames& names);

  /// features() are what all queries find, [B, Q * D], instead of the first alone, [B, D].
  void keep_findings() override { asked_ = query_count_; }
  at::Tensor project(const at::Tensor& features) const override;

 private:
  at::Tensor begin(const at::Tensor& patches) const override;
  at::Tensor pool(const std::vector<Rows>& groups) const override;

  int64_t dim_;          // D
  int64_t query_count_;  // Q
  int64_t asked_ = 1;
  at::Tensor class_embedding_;  // [C]
  at::Tensor positions_;        // [N + 1, C]
  LayerNorm pre_norm_;
  AttentionalPooler pooler_;
  LayerNorm post_norm_;
  Linear projection_;
};

}  // namespace kiloword
