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

// What networks of several families have in common.

/// One matrix of those named, each with its number of outputs, stacked; their biases too where there are
/// some. Any number of rows goes in one call.
LinearSpec linear_spec(const std::vector<std::pair<std::string, int64_t>>& parts, int64_t inputs,
                       bool has_bias);

/// A token embedding or an output layer: the tensor `name` [V, C] without bias.
LinearSpec token_spec(const std::string& name, int64_t vocab_size, int64_t width);

/// The output layer: a matrix of its own or, where it is tied, the token embedding.
class OutputLayer {
 public:
  /// `name` is that of the tensor [V, C], which a checkpoint of a tied layer may hold once more. `tokens`
  /// must outlive this.
  OutputLayer(WeightLoader& loader, const Compute& compute, const Linear& tokens, bool tied,
              const std::string& name, int64_t vocab_size, int64_t width);

  /// Hidden states [N, C] -> log-probabilities of the next token [N, V], fp32.
  at::Tensor logprobs(const at::Tensor& hidden) const;

 private:
  at::ScalarType type_;
  const Linear& tokens_;
  std::unique_ptr<Linear> own_;  // none: tokens_
};

/// The last nodes of a tree, which a network takes through its layers, and their places in their texts.
struct NewNodes {
  NewNodes(const TokenTreeCache& cache, size_t count);

  std::vector<int64_t> numbers;
  std::vector<int64_t> depths;
};

}  // namespace kiloword
