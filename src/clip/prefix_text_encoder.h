#pragma once

#include <cstdint>
#include <vector>

#include "clip/text_transformer.h"
#include "clip/token_trie.h"

namespace kiloword {

/// Embeds token sequences with common prefixes, also across calls. The sequences of a call form a tree; only
/// nodes that the previous call did not have are computed, and in the last layer only the ends.
class PrefixTextEncoder {
 public:
  explicit PrefixTextEncoder(const TextTransformer& tower) : tower_(tower), cache_(tower.make_cache()) {}

  /// As TextTransformer::operator(): sequences of at least one id, pooled at the last -> [N, D], fp32, before
  /// normalization to unit length. Equal sequences are computed once.
  at::Tensor encode(const std::vector<std::vector<int32_t>>& texts);

  /// Number of nodes that the last call computed, including ends; its cost is proportional to this.
  int64_t nodes_computed() const { return nodes_computed_; }

 private:
  void forget_all_but_beginnings(const std::vector<std::vector<int32_t>>& texts);

  const TextTransformer& tower_;
  TokenTrie trie_;
  TokenTreeCache cache_;
  int64_t nodes_computed_ = 0;
};

}  // namespace kiloword
