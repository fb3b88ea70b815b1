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
/// MobileCLIP's see all of a padded text. CoCa's has a class token at the end of the context, which is pooled
/// (Yu et al. 2022, 3.2). OpenCLIP trained it with its mask of padding one place too late: a token behind id
/// 0, which fills texts and is "!" inside a word, is seen by no other, whatever it is. So a text is followed
/// by one filling token, if there is room, and the class token, and between them nothing matters.
class TextTransformer {
 public:
  TextTransformer(WeightLoader& loader, const Compute& compute, const ClipConfig& config,
                  const TextTransformerNames& names);

  /// Token ids of N texts, each of 1 to `context_length` ids in the vocabulary -> embeddings [N, D], fp32,
  /// not of unit length yet. Pooled at a text's last place, but a padded one of the family kClip at its
  /// highest id, the end token's. The class token's id is the size of the vocabulary.
  at::Tensor operator()(const std::vector<std::vector<int32_t>>& texts) const;

  TokenTreeCache make_cache() const { return transformer_.make_cache(); }
  /// Whether a token behind the token `id` is masked.
  bool masks_behind(int32_t id) const { return class_id_ >= 0 && id == kFillingId; }
  /// Takes the last N nodes of `cache`, whose tokens are `ids`, through the tower -> what the caption decoder
  /// sees of each, the rows behind the last block: [N, C], fp32.
  at::Tensor rows(TokenTreeCache& cache, const std::vector<int32_t>& ids) const;
  /// Takes the last N nodes of `cache`, whose tokens are `ids`, through the tower -> embeddings of the nodes
  /// at `wanted` (ascending indices into the N), each as if its text ended there: [wanted, D].
  at::Tensor extend(TokenTreeCache& cache, const std::vector<int32_t>& ids,
                    const std::vector<int64_t>& wanted) const;

 private:
  at::Tensor embed(const std::vector<int64_t>& ids, std::vector<int64_t> places) const;
  /// The embeddings of tokens, the class token among them: [M, C], fp32 on the CPU.
  at::Tensor token_rows(const std::vector<int64_t>& ids) const;
  /// Of the last nodes of `cache`, whose tokens are `ids`: [N, C].
  at::Tensor embed_nodes(const TokenTreeCache& cache, const std::vector<int32_t>& ids) const;
  at::Tensor project(const at::Tensor& pooled) const;
  Rows lay_out(const std::vector<std::vector<int32_t>>& texts, int64_t row_count) const;

  static constexpr int32_t kFillingId = 0;

  /// As operator(), of texts with a class token.
  at::Tensor encode_trees(const std::vector<std::vector<int32_t>>& texts) const;
  size_t pooled_place(const std::vector<int32_t>& text) const;

  Compute compute_;
  bool pools_highest_;
  int32_t class_id_;  ///< -1: none
  int64_t context_length_;
  int64_t width_;
  std::vector<int64_t> group_rows_;
  WeightLoader::RowReader tokens_;  // of [V, C]
  at::Tensor class_token_;          // [C], or none
  at::Tensor positions_;            // [T, C], then perhaps the class token's
  Transformer transformer_;
  LayerNorm final_norm_;
  Linear projection_;
};

}  // namespace kiloword
