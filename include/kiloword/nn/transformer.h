#pragma once

#include <ATen/ATen.h>

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "kiloword/nn/layers.h"
#include "kiloword/nn/pair_turns.h"
#include "kiloword/nn/token_tree_cache.h"
#include "kiloword/nn/transformer_shape.h"

namespace kiloword {

/// Applies `activation` to `x` in place.
void activate(at::Tensor& x, Activation activation);

/// Tensor names of one block. Queries, keys and values are one tensor of 3C rows, or three of C.
struct BlockNames {
  std::string norm_1;  ///< `<norm_1>.weight`, `.bias`, and so on
  std::vector<std::string> qkv_weights;
  std::vector<std::string> qkv_biases;
  std::string out;
  std::string norm_2;
  std::string hidden;
  std::string hidden_out;
  bool transposed = false;  ///< weights are stored [inputs, outputs], and qkv is one tensor
};

/// Rows of several sequences, [M, C] in fp32, and the length of each, laid out as for self_attention.
struct Rows {
  at::Tensor x;
  std::vector<int64_t> lengths;
};

/// Consecutive new nodes of a token tree that go through a layer in one call: rows [M, C] in fp32, of which
/// the first `nodes.size()` belong to `nodes`.
struct NodeRows {
  at::Tensor x;
  std::vector<int64_t> nodes;
};

/// Pre-norm transformer block: x += attention(norm_1(x)); x += mlp(norm_2(x)).
class TransformerBlock {
 public:
  TransformerBlock(WeightLoader& loader, const Compute& compute, const TransformerShape& shape,
                   const BlockNames& names);

  /// `turns`: rotations by position; if defined, all sequences must have that length.
  void operator()(Rows& rows, const PairTurns& turns) const;

  /// The same for new nodes of a tree. Stores their keys and values as layer `layer` of `cache`.
  void extend(NodeRows& rows, TokenTreeCache& cache, int64_t layer) const;
  /// Likewise, but computes the result only for the nodes at `wanted` (indices into rows.nodes); returns
  /// [wanted, C].
  at::Tensor finish(const NodeRows& rows, const std::vector<int64_t>& wanted, TokenTreeCache& cache,
                    int64_t layer) const;

 private:
  void feed_forward(at::Tensor& x) const;

  at::ScalarType type_;
  TransformerShape shape_;
  LayerNorm norm_1_;
  Linear qkv_;
  Linear out_;
  LayerNorm norm_2_;
  Linear hidden_;
  Linear hidden_out_;
};

/// A stack of blocks.
class Transformer {
 public:
  /// `names` has one entry per layer.
  Transformer(WeightLoader& loader, const Compute& compute, const TransformerShape& shape,
              const std::vector<BlockNames>& names);

  /// From now on, operator() rotates queries and keys by `turns` of T positions; all sequences must have T
  /// rows.
  void use_turns(PairTurns turns) { turns_ = std::move(turns); }

  /// Runs all groups through the stack, in place, layer by layer: a layer's weights stay in the CPU cache for
  /// all groups, a group's activations for all steps of a layer.
  void operator()(std::vector<Rows>& groups) const;

  TokenTreeCache make_cache() const { return {shape_.layers, shape_.width, compute_}; }
  /// Runs the last N nodes of `cache` through the stack; `x` [N, C] are their embeddings in fp32. Returns the
  /// rows of the nodes at `wanted` (ascending indices into the N): [wanted, C] in fp32. The last layer
  /// computes only these. Nodes on a path may be new or from earlier calls.
  at::Tensor extend(const at::Tensor& x, TokenTreeCache& cache, const std::vector<int64_t>& wanted) const;

 private:
  /// The numbers of rows of the calls in which `count` nodes go through a layer.
  std::vector<int64_t> calls_of(int64_t count) const;
  std::vector<NodeRows> group_nodes(const at::Tensor& x, const TokenTreeCache& cache) const;

  Compute compute_;
  TransformerShape shape_;
  PairTurns turns_;
  std::deque<TransformerBlock> blocks_;
};

}  // namespace kiloword
