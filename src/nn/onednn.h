#pragma once

#include <ATen/ATen.h>
#include <ATen/core/ivalue.h>

#include <array>

namespace kiloword {

/// A convolution with weights prepacked in oneDNN's blocked layout for one exact input shape. libtorch's
/// plain convolution repacks them in every call, and its linear layers use whichever BLAS is installed.
class PackedConvolution {
 public:
  /// `weight` [N, C / groups, kh, kw] and `bias` [N], both of the compute type; `input_shape` [B, C, h, w].
  PackedConvolution(const at::Tensor& weight, const at::Tensor& bias, int64_t stride, int64_t padding,
                    std::array<int64_t, 4> input_shape, bool relu, int64_t groups = 1);

  /// `input` must have the packed shape and be channels-last, like the result [B, N, h', w']. Thread-safe.
  at::Tensor operator()(const at::Tensor& input) const;

 private:
  c10::IValue packed_;
};

}  // namespace kiloword
