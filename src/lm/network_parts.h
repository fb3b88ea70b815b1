#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "kiloword/nn/layers.h"
#include "kiloword/nn/token_tree_cache.h"

namespace kiloword {

// Parts that several architectures share.

/// The named matrices, each with its number of outputs, stacked to one; with `has_bias`, their biases too.
/// For any number of rows per call.
LinearSpec linear_spec(const std::vector<std::pair<std::string, int64_t>>& parts, int64_t inputs,
                       bool has_bias);

/// A token embedding or an output layer: the tensor `name` [V, C] without bias.
LinearSpec token_spec(const std::string& name, int64_t vocab_size, int64_t width);

/// The output layer: a separate matrix or, if tied, the token embedding.
class OutputLayer {
 public:
  /// `name` is the tensor [V, C], which a checkpoint may contain a second time even if tied. `tokens` must
  /// outlive this object.
  OutputLayer(WeightLoader& loader, const Compute& compute, const Linear& tokens, bool tied,
              const std::string& name, int64_t vocab_size, int64_t width);

  /// Hidden states [N, C] -> log-probabilities of the next token [N, V], fp32.
  at::Tensor logprobs(const at::Tensor& hidden) const;

 private:
  at::ScalarType type_;
  const Linear& tokens_;
  std::unique_ptr<Linear> own_;  // null: tokens_ is used
};

/// The last nodes of a tree, which a forward pass processes, and their positions in their texts.
struct NewNodes {
  NewNodes(const TokenTreeCache& cache, size_t count);

  std::vector<int64_t> numbers;
  std::vector<int64_t> depths;
};

}  // namespace kiloword
