#pragma once

#include "clip/config.h"
#include "kiloword/nn/layers.h"

namespace kiloword {

/// The last layer of a timm tower in OpenCLIP's layout, from the tower's width to the embedding dimension.
inline LinearSpec trunk_projection(const ClipConfig& config) {
  LinearSpec spec;
  spec.weights = {{"visual.trunk.head.weight", {config.projection_dim, config.vision.width}}};
  spec.biases = {{"visual.trunk.head.bias", {config.projection_dim}}};
  spec.inputs = config.vision.width;
  return spec;
}

}  // namespace kiloword
