#pragma once

#include <cstdint>
#include <vector>

#include "clip/config.h"
#include "clip/tensor_names.h"
#include "kiloword/nn/layers.h"
#include "kiloword/nn/transformer.h"

namespace kiloword {

/// CLIP's causal text transformer (Radford et al. 2021, 2.4). Tokens after the pooled one cannot change it,
/// so texts end there instead of being padded to the context length. SigLIP and most MobileCLIP models attend
/// to the whole padded text.
///
/// CoCa pools a class token at the end of the context (Yu et al. 2022, 3.2). OpenCLIP trained it with a
/// padding mask that is off by one: a token after id 0, which is padding but also "!" inside a word, is
/// hidden from all others, whatever it is. So a text is followed by one padding token, if there is room, and
/// the class token; anything between them has no effect.
class TextTransformer {
 public:
  TextTransformer(WeightLoader& loader, const Compute& compute, const ClipConfig& config,
                  const TextTransformerNames& names);

  /// Token ids of N texts, each of 1 to `context_length` ids in the vocabulary -> embeddings [N, D], fp32,
  /// before normalization to unit length. Pooled at a text's last position, but for padded texts of the
  /// family kClip at the highest id, the end token. The class token's id is the size of the vocabulary.
  at::Tensor operator()(const std::vector<std::vector<int32_t>>& texts) const;

  TokenTreeCache make_cache() const { return transformer_.make_cache(); }
  /// Whether a token after the token `id` is masked.
  bool masks_behind(int32_t id) const { return class_id_ >= 0 && id == kFillingId; }
  /// Runs the last N nodes of `cache`, whose tokens are `ids`, through the tower -> the input of the caption
  /// decoder, the rows after the last block: [N, C], fp32.
  at::Tensor rows(TokenTreeCache& cache, const std::vector<int32_t>& ids) const;
  /// Runs the last N nodes of `cache`, whose tokens are `ids`, through the tower -> embeddings of the nodes
  /// at `wanted` (ascending indices into the N), each as if its text ended there: [wanted, D].
  at::Tensor extend(TokenTreeCache& cache, const std::vector<int32_t>& ids,
                    const std::vector<int64_t>& wanted) const;

 private:
  at::Tensor embed(const std::vector<int64_t>& ids, std::vector<int64_t> places) const;
  /// Token embeddings, including the class token's: [M, C], fp32 on the CPU.
  at::Tensor token_rows(const std::vector<int64_t>& ids) const;
  /// Embeddings of the last nodes of `cache`, whose tokens are `ids`: [N, C].
  at::Tensor embed_nodes(const TokenTreeCache& cache, const std::vector<int32_t>& ids) const;
  at::Tensor project(const at::Tensor& pooled) const;
  Rows lay_out(const std::vector<std::vector<int32_t>>& texts, int64_t row_count) const;

  static constexpr int32_t kFillingId = 0;

  /// operator() for texts with a class token.
  at::Tensor encode_trees(const std::vector<std::vector<int32_t>>& texts) const;
  size_t pooled_place(const std::vector<int32_t>& text) const;

  Compute compute_;
  bool pools_highest_;
  int32_t class_id_;  ///< -1: none
  int64_t context_length_;
  int64_t width_;
  std::vector<int64_t> group_rows_;
  WeightLoader::RowReader tokens_;  // of [V, C]
  at::Tensor class_token_;          // [C], or undefined
  at::Tensor positions_;            // [T, C], then the class token's, if any
  Transformer transformer_;
  LayerNorm final_norm_;
  Linear projection_;
};

}  // namespace kiloword
