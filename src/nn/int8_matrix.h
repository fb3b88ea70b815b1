#pragma once

#include <ATen/ATen.h>

#include <cstdint>

namespace kiloword {

/// An 8-bit weight matrix on the CPU, with one scale per output; x is quantised dynamically with one scale
/// per row (Yao et al. 2022, ZeroQuant, section 4.1). Unlike with one scale for all of x, a row's result does
/// not depend on other rows of the call, nor on the number of threads.
class Int8Matrix {
 public:
  /// `weight` [outputs, inputs] and `bias` [outputs], both fp32.
  Int8Matrix(const at::Tensor& weight, const at::Tensor& bias);

  /// x W^T + bias with an error of about 1 %: fp32 [M, inputs] -> fp32 [M, outputs].
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
