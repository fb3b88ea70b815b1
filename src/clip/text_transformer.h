#pragma once

#include <cstdint>
#include <vector>

#include "clip/config.h"
#include "clip/tensor_names.h"
#include "kiloword/nn/layers.h"
#include "kiloword/nn/transformer.h"

namespace kiloword {

/// CLIP's causal text transformer (Radford et al. 2021, 2.4). Nothing behind the token that is pooled can
/// change it, so texts end there instead of being padded to the context length. SigLIP's and most of
/// MobileCLIP's see all of a padded text.
class TextTransformer {
 public:
  TextTransformer(WeightLoader& loader, const Compute& compute, const ClipConfig& config,
                  const TextTransformerNames& names);

  /// Token ids of N texts, each of 1 to `context_length` ids in the vocabulary -> embeddings [N, D], fp32,
  /// not of unit length yet. Pooled at a text's last place, but a padded one of the family kClip at its
  /// highest id, the end token's.
  at::Tensor operator()(const std::vector<std::vector<int32_t>>& texts) const;

  TokenTreeCache make_cache() const { return transformer_.make_cache(); }
  /// Takes the last N nodes of `cache`, whose tokens are `ids`, through the tower -> embeddings of the nodes
  /// at `wanted` (ascending indices into the N), each as if its text ended there: [wanted, D].
  at::Tensor extend(TokenTreeCache& cache, const std::vector<int32_t>& ids,
                    const std::vector<int64_t>& wanted) const;

 private:
  at::Tensor embed(std::vector<int64_t> ids, std::vector<int64_t> places) const;
  at::Tensor project(const at::Tensor& pooled) const;
  Rows lay_out(const std::vector<std::vector<int32_t>>& texts, int64_t row_count) const;

  size_t pooled_place(const std::vector<int32_t>& text) const;

  Compute compute_;
  bool pools_highest_;
  int64_t width_;
  std::vector<int64_t> group_rows_;
  at::Tensor tokens_;     // [V, C]
  at::Tensor positions_;  // [T, C]
  Transformer transformer_;
  LayerNorm final_norm_;
  Linear projection_;
};

}  // namespace kiloword
