#pragma once

#include <cstdint>
#include <vector>

#include "clip/text_transformer.h"
#include "clip/token_trie.h"

namespace kiloword {

/// Embeds token sequences that begin alike, call after call. The sequences of a call form a tree, of which
/// only nodes that the call before did not have are computed, and in the last layer only the ends.
class PrefixTextEncoder {
 public:
  explicit PrefixTextEncoder(const TextTransformer& tower) : tower_(tower), cache_(tower.make_cache()) {}

  /// As TextTransformer's: sequences of at least one id, pooled at the last -> [N, D], fp32, not of unit
  /// length. Equal sequences are computed once.
  at::Tensor encode(const std::vector<std::vector<int32_t>>& texts);

  /// Nodes that the last call computed, ends included: what its cost is proportional to.
  int64_t nodes_computed() const { return nodes_computed_; }

 private:
  void forget_all_but_beginnings(const std::vector<std::vector<int32_t>>& texts);

  const TextTransformer& tower_;
  TokenTrie trie_;
  TokenTreeCache cache_;
  int64_t nodes_computed_ = 0;
};

}  // namespace kiloword
