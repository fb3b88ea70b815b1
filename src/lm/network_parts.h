#pragma once

#include <cstdint>
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

/// The last nodes of a tree, which a network takes through its layers, and their places in their texts.
struct NewNodes {
  NewNodes(const TokenTreeCache& cache, size_t count);

  std::vector<int64_t> numbers;
  std::vector<int64_t> depths;
};

}  // namespace kiloword
