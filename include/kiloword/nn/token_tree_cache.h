#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "kiloword/nn/compute.h"

namespace kiloword {

/// Key/value cache of a causal transformer whose tokens form a forest: each node knows its parent, the token
/// before it, and texts with a common prefix share nodes. A chain is the usual key/value cache (Pope et al.
/// 2022, section 2.2); a tree serves many continuations of one text at once.
class TokenTreeCache {
 public:
  /// `layers` and `width` (C): of the transformer.
  TokenTreeCache(int64_t layers, int64_t width, const Compute& compute);

  int64_t size() const { return static_cast<int64_t>(paths_.size()); }
  /// Number of tokens before `node` in its text.
  int64_t depth(int64_t node) const { return depths_[static_cast<size_t>(node)]; }
  /// The nodes from the text's first token to `node`, inclusive, without masked ones.
  const std::vector<int32_t>& path(int64_t node) const { return paths_[static_cast<size_t>(node)]; }

  /// Adds a node after each of `parents`; -1 starts a text, and a parent may be an earlier new node. Nodes
  /// with a true entry in `masked` (empty: none) are attended to by no node, not even themselves; they cannot
  /// start a text. Returns the index of the first new node. Keys and values are stored by
  /// Transformer::extend.
  int64_t append(const std::vector<int64_t>& parents, const std::vector<bool>& masked = {});

  /// Removes all nodes except `nodes`, which must be ascending and include the parent of each. They are
  /// renumbered in this order.
  void keep(const std::vector<int64_t>& nodes);

  /// Stores the keys and values of `count` nodes from `first` on, taken from the first `count` rows of
  /// `qkv` [>= count, 3C].
  void store(int64_t layer, int64_t first, int64_t count, const at::Tensor& qkv);

  /// Attention of `nodes` over their paths. `query` [M, C] has their queries in its first rows. Returns
  /// [M, C] of query's type; rows after the last node are zero. Keys and values of all nodes on the paths
  /// must be stored.
  at::Tensor attend(int64_t layer, const at::Tensor& query, const std::vector<int64_t>& nodes,
                    int64_t heads) const;

 private:
  struct Layer {
    at::Tensor keys;    // [capacity, C]
    at::Tensor values;  // [capacity, C]
  };

  /// Grows the tensors to `nodes` nodes, of which the first `stored` have keys and values.
  void reserve(int64_t nodes, int64_t stored);

  std::vector<Layer> layers_;
  at::TensorOptions options_;  // fp32 on the CPU, as attention there; else the network's type
  int64_t width_;
  std::vector<std::vector<int32_t>> paths_;
  std::vector<int64_t> depths_;
};

}  // namespace kiloword
