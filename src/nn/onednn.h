#pragma once

#include <ATen/ATen.h>
#include <ATen/core/ivalue.h>

#include <array>

namespace kiloword {

/// A convolution whose weights stand in oneDNN's own blocked layout for one exact input shape. libtorch's
/// plain convolution brings them into that layout on every call, its linear layers go to whichever BLAS is
/// installed.
class PackedConvolution {
 public:
  /// `weight` [N, C / groups, kh, kw] and `bias` [N], both of the type to compute in; `input_shape`
  /// [B, C, h, w].
  PackedConvolution(const at::Tensor& weight, const at::Tensor& bias, int64_t stride, int64_t padding,
                    std::array<int64_t, 4> input_shape, bool relu, int64_t groups = 1);

  /// `input` must have the packed shape, in channels-last layout, as the result has: [B, N, h', w']. Several
  /// threads may call at once.
  at::Tensor operator()(const at::Tensor& input) const;

 private:
  c10::IValue packed_;
};

}  // namespace kiloword
