#pragma once

#include <ATen/ATen.h>

#include <cstdint>

namespace kiloword {

/// A weight matrix on the CPU in 8-bit whole numbers, one scale for each output; x gets one scale for each
/// row when it comes ("dynamic quantisation"; Yao et al. 2022, ZeroQuant, section 4.1). So a row's result
/// does not depend on the rows that share the call, nor on threads, as it would with one scale for all of x.
class Int8Matrix {
 public:
  /// `weight` [outputs, inputs] and `bias` [outputs], both fp32.
  Int8Matrix(const at::Tensor& weight, const at::Tensor& bias);

  /// x W^T + bias, about 1 % off: fp32 [M, inputs] -> fp32 [M, outputs].
  at::Tensor operator()(const at::Tensor& x) const;

 private:
  int64_t inputs_;
  int64_t outputs_;
  at::Tensor weights_;  // [panels, groups, 64, 4], int8
  at::Tensor scales_;   // [panels * 64]
  at::Tensor sums_;     // [panels * 64], int32
  at::Tensor bias_;     // [panels * 64]
};

}  // namespace kiloword
