#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "kiloword/nn/token_tree_cache.h"

namespace kiloword {

/// The settings that configurations of all architectures have.
struct LanguageModelShape {
  int64_t vocab_size = 0;        ///< V
  int64_t context_length = 0;    ///< maximum number of tokens
  int64_t width = 0;             ///< C
  int32_t bos_id = -1;           ///< -1: not given
  std::vector<int32_t> eos_ids;  ///< none: not given
};

/// The network of a causal language model. Texts are paths of a token tree.
class CausalNetwork {
 public:
  CausalNetwork() = default;
  CausalNetwork(const CausalNetwork&) = delete;
  CausalNetwork& operator=(const CausalNetwork&) = delete;
  virtual ~CausalNetwork() = default;

  virtual TokenTreeCache make_cache() const = 0;

  /// Forward pass of the last N nodes of `cache`, whose tokens are `ids`; the depth of each is below
  /// `context_length`. Returns their hidden states after the final norm, fp32 [N, C].
  virtual at::Tensor extend(TokenTreeCache& cache, const std::vector<int32_t>& ids) const = 0;

  /// Natural logarithms of next-token probabilities from hidden states [N, C]: fp32 [N, V].
  virtual at::Tensor logprobs(const at::Tensor& hidden) const = 0;
};

}  // namespace kiloword
