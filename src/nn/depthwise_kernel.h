#pragma once

#include <cstdint>
#include <vector>

namespace kiloword {

/// A depthwise convolution of one image with a square kernel: every channel has its own kernel. Images are
/// channels-last and contiguous. Exactly one of `x` and `bf16_x` is set, and the output of the same type.
struct DepthwiseProduct {
  const float* x = nullptr;          ///< [side, side, channels]
  const uint16_t* bf16_x = nullptr;  ///< the same in bfloat16
  const float* weights = nullptr;    ///< [kernel, kernel, padded_channels()]
  const float* bias = nullptr;       ///< [padded_channels()]
  float* out = nullptr;              ///< [out_side, out_side, channels]
  uint16_t* bf16_out = nullptr;
  int64_t channels = 0;
  int64_t side = 0;
  int64_t out_side = 0;
  int64_t kernel = 0;
  int64_t stride = 0;
  int64_t padding = 0;  ///< zeros before the first row and column; as many as needed after the last
  float lowest = 0;     ///< inputs and results are clipped to [lowest, highest]
  float highest = 0;    ///< see lowest
};

/// Rows of weights are zero-padded to a multiple of this number of channels, the width of the widest vectors.
inline constexpr int64_t kDepthwiseLanes = 16;
inline int64_t padded_channels(int64_t channels) {
  return (channels + kDepthwiseLanes - 1) / kDepthwiseLanes * kDepthwiseLanes;
}

/// out = clip(convolution(clip(x)) + bias), so that bounds of 0 and 6 apply ReLU6 before and after it, and
/// infinite bounds the convolution alone. Inputs are clipped while their rows are copied for padding, so the
/// preceding layer needs no separate activation pass. `scratch` grows as needed and may be reused between
/// calls.
void convolve_depthwise(const DepthwiseProduct& product, std::vector<float>& scratch);

/// The kernels that this processor can run, fastest first, for tests.
using DepthwiseKernel = void (*)(const DepthwiseProduct&, std::vector<float>& scratch);
std::vector<DepthwiseKernel> depthwise_kernels();

}  // namespace kiloword
