#pragma once

#include <ATen/ATen.h>

#include <cstdint>

namespace kiloword {

/// Convolution of `x` [B, C, H, W] with zero padding, without TF32: cuDNN would otherwise multiply fp32 with
/// 10-bit mantissas, and a model's embeddings would differ in the fourth digit.
inline at::Tensor exact_convolution(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                                    int64_t stride, int64_t padding, int64_t groups = 1) {
  return at::_convolution(x, weight, bias, {stride, stride}, {padding, padding}, {1, 1}, /*transposed=*/false,
                          {0, 0}, groups, /*benchmark=*/false, /*deterministic=*/false,
                          /*cudnn_enabled=*/true, /*allow_tf32=*/false);
}

}  // namespace kiloword
