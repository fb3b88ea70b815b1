#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "kiloword/nn/compute.h"

namespace kiloword {

/// Keys and values of the tokens that later tokens look back to, for every layer of a causal transformer. The
/// tokens are the nodes of a forest: each knows the token before it, and texts that begin alike share nodes.
/// A chain is the usual key/value cache (Pope et al. 2022, section 2.2); a tree serves many continuations of
/// one text at once.
class TokenTreeCache {
 public:
  /// `layers` and `width` (C) of the transformer.
  TokenTreeCache(int64_t layers, int64_t width, const Compute& compute);

  int64_t size() const { return static_cast<int64_t>(paths_.size()); }
  /// Tokens before `node` in its text.
  int64_t depth(int64_t node) const { return depths_[static_cast<size_t>(node)]; }
  /// From the text's first token to `node`, both included, less those that are masked.
  const std::vector<int32_t>& path(int64_t node) const { return paths_[static_cast<size_t>(node)]; }

  /// Adds a node after each of `parents`; -1 starts a text, and a parent may be one of the new nodes before
  /// it. Nodes whose entry of `masked` is true, of none where it is empty, are seen by no node, themselves
  /// included; they start no text. Returns the number of the first new node. Their keys and values come with
  /// Transformer::extend.
  int64_t append(const std::vector<int64_t>& parents, const std::vector<bool>& masked = {});

  /// Forgets every node but `nodes`, which are ascending and hold the parents of all that they hold. They are
  /// renumbered in this order.
  void keep(const std::vector<int64_t>& nodes);

  /// Takes over keys and values of the nodes from `first` on from the first `count` rows of
  /// `qkv` [>= count, 3C].
  void store(int64_t layer, int64_t first, int64_t count, const at::Tensor& qkv);

  /// Attention of `nodes` over their paths. `query` [M, C] has their queries in its first rows; returns [M,
  /// C] of query's type, rows after the last node zero. Keys and values of all nodes on the paths are
  /// stored.
  at::Tensor attend(int64_t layer, const at::Tensor& query, const std::vector<int64_t>& nodes,
                    int64_t heads) const;

 private:
  struct Layer {
    at::Tensor keys;    // [capacity, C]
    at::Tensor values;  // [capacity, C]
  };

  /// Makes room for `nodes`, of which the first `stored` have keys and values.
  void reserve(int64_t nodes, int64_t stored);

  std::vector<Layer> layers_;
  at::TensorOptions options_;  // fp32 on the CPU, where attention is computed in it; else the network's type
  int64_t width_;
  std::vector<std::vector<int32_t>> paths_;
  std::vector<int64_t> depths_;
};

}  // namespace kiloword
