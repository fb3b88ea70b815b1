#pragma once

#include <vector>

#include "clip/patch_tower.h"
#include "clip/tensor_names.h"

namespace kiloword {

/// OpenCLIP's attentional pooler: learned queries that attend to the rows of an image (Yu et al. 2022,
/// "CoCa", section 3.2).
class AttentionalPooler {
 public:
  /// `rows`: see LinearSpec::rows.
  AttentionalPooler(WeightLoader& loader, const Compute& compute, const ClipConfig& config,
                    std::vector<int64_t> rows);

  /// The outputs of the first `queries` queries for images after the last block, all of equal length:
  /// [B, queries, D], fp32.
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

/// CoCa's image tower as trained by OpenCLIP: CLIP's vision transformer, pooled by learned queries. The
/// output of the first query is projected to the embedding; captions are decoded from the others.
class CocaTower : public PatchTower {
 public:
  CocaTower(WeightLoader& loader, const Compute& compute, const ClipConfig& config,
            const VisionTransformerNames& names);

  /// features() returns the outputs of all queries, [B, Q * D], instead of only the first, [B, D].
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
