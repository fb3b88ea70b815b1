#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "kiloword/nn/layers.h"
#include "kiloword/nn/token_tree_cache.h"
#include "kiloword/nn/transformer.h"
#include "lm/gpt2_config.h"

namespace kiloword {

/// GPT-2 (Radford et al. 2019): a causal pre-norm transformer (Vaswani et al. 2017) with learned positions,
/// whose output layer is the token embedding transposed, or one of its own. Its texts are the paths of a
/// token tree.
class Gpt2 {
 public:
  /// Tensor names are those of Hugging Face's GPT2Model, all behind `prefix`.
  Gpt2(WeightLoader& loader, const Compute& compute, const Gpt2Config& config, const std::string& prefix);

  TokenTreeCache make_cache() const { return transformer_.make_cache(); }

  /// Takes the last N nodes of `cache`, whose tokens are `ids`, through the network; each node is less than
  /// `context_length` deep. Returns their hidden states behind the final norm, fp32 [N, C].
  at::Tensor extend(TokenTreeCache& cache, const std::vector<int32_t>& ids) const;

  /// Natural logarithms of next-token probabilities from hidden states [N, C]: fp32 [N, V].
  at::Tensor logprobs(const at::Tensor& hidden) const;

 private:
  Compute compute_;
  at::Tensor positions_;          // [T, C]
  Linear tokens_;                 // [V, C]
  std::unique_ptr<Linear> head_;  // [V, C], none: tokens_
  Transformer transformer_;
  LayerNorm final_norm_;
};

/// What stands before the names of a checkpoint's tensors: "transformer." in files that were saved with the
/// output layer, else nothing.
std::string gpt2_prefix(const Checkpoint& file);

}  // namespace kiloword
