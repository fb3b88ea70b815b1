#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

namespace kiloword {

/// A weight matrix on the CPU in one layout for products with any number of rows. oneDNN needs a layout, and
/// a copy of the weights, for each number of rows, and its results differ in the last bits between them.
class PanelMatrix {
 public:
  /// `weight` [outputs, inputs] and `bias` [outputs], both fp32 or both bfloat16.
  PanelMatrix(const at::Tensor& weight, const at::Tensor& bias);

  /// x W^T + bias, summed in fp32: [M, inputs] -> [M, outputs], both of the weights' type. A row's result
  /// does not depend on other rows of the call, nor on the number of threads.
  at::Tensor operator()(const at::Tensor& x) const;

  /// The weights of the given outputs, in fp32: [N, inputs].
  at::Tensor rows(const std::vector<int64_t>& outputs) const;

 private:
  at::Tensor panels_;  // [panels, inputs, 32]
  at::Tensor bias_;    // [panels * 32], fp32
  int64_t inputs_;
  int64_t outputs_;
};

}  // namespace kiloword
