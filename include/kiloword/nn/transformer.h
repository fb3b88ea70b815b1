#pragma once

#include <ATen/ATen.h>

#include <deque>
#include <string>
#include <vector>

#include "kiloword/nn/layers.h"

namespace kiloword {

enum class Activation { kGelu, kQuickGelu };

/// Sizes of a stack of transformer blocks.
struct TransformerShape {
  int64_t layers = 0;
  int64_t width = 0;   ///< C
  int64_t heads = 0;   ///< H, divides C
  int64_t hidden = 0;  ///< width of the feed-forward layer
  Activation activation = Activation::kQuickGelu;
  double norm_epsilon = 1e-5;
  bool causal = false;
  std::vector<int64_t> rows{1};  ///< rows of calls on the CPU, as LinearSpec has them
};

/// Tensor names of one block. Queries, keys and values come as one tensor of 3C rows, or as three of C.
struct BlockNames {
  std::string norm_1;  ///< `<norm_1>.weight`, `.bias`, and so on
  std::vector<std::string> qkv_weights;
  std::vector<std::string> qkv_biases;
  std::string out;
  std::string norm_2;
  std::string hidden;
  std::string hidden_out;
};

/// Rows of several sequences behind one another, [M, C] in fp32, and the rows of each.
struct Rows {
  at::Tensor x;
  std::vector<int64_t> lengths;
};

/// Pre-norm transformer block: x += attention(norm_1(x)); x += mlp(norm_2(x)).
class TransformerBlock {
 public:
  TransformerBlock(WeightLoader& loader, const Compute& compute, const TransformerShape& shape,
                   const BlockNames& names);

  void operator()(Rows& rows) const;

 private:
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

  /// Takes every group through the stack, in place, layer by layer: a layer's weights stay in the processor's
  /// cache for all groups, a group's activations for all steps of a layer.
  void operator()(std::vector<Rows>& groups) const;

 private:
  std::deque<TransformerBlock> blocks_;
};

}  // namespace kiloword
