#pragma once

#include <ATen/ATen.h>

#include "kiloword/nn/folded_convolution.h"

namespace kiloword {

/// A depthwise convolution on the CPU, using depthwise_kernel.h. Thread-safe.
class PackedDepthwise {
 public:
  struct Shape {
    int64_t side = 1;  ///< height and width of the input
    int64_t out_side = 1;
    int64_t stride = 1;
    int64_t padding = 0;  ///< zeros before the first row and column
    float lowest = 0;     ///< inputs and results are clipped to these
    float highest = 0;
  };

  /// `folded.weight`: [C, 1, kernel, kernel].
  PackedDepthwise(const FoldedWeights& folded, const Shape& shape);

  /// [B, C, side, side] -> [B, C, out_side, out_side], channels last, both fp32 or both bf16.
  at::Tensor operator()(const at::Tensor& x) const;

 private:
  Shape shape_;
  int64_t channels_;
  int64_t kernel_;
  at::Tensor weight_;  // [kernel, kernel, padded channels]
  at::Tensor bias_;    // [padded channels]
};

}  // namespace kiloword
