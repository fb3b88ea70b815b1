#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "kiloword/nn/transformer_shape.h"

namespace kiloword {

/// The transformer shape of a tower with the configuration `tower`, a VisionConfig or TextConfig; `rows`: see
/// LinearSpec.
template <typename TowerConfig>
TransformerShape transformer_shape(const TowerConfig& tower, std::vector<int64_t> rows) {
  TransformerShape shape;
  shape.layers = tower.layers;
  shape.width = tower.width;
  shape.heads = tower.heads;
  shape.hidden = tower.hidden;
  shape.activation = tower.activation;
  shape.norm_epsilon = tower.norm_epsilon;
  shape.rows = std::move(rows);
  return shape;
}

}  // namespace kiloword
