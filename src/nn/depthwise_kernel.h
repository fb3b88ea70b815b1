#pragma once

#include <cstdint>
#include <vector>

namespace kiloword {

/// A depthwise convolution of one image with a square kernel: every channel has a kernel of its own.
/// Images lie channels last, rows and columns without gaps. Exactly one of `x` and `bf16_x` is set, and the
/// result of the same type.
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
  int64_t padding = 0;  ///< zeros before the first row and column; after the last as many as are needed
  float lowest = 0;     ///< of inputs and results, which are clipped
  float highest = 0;    ///< likewise
};

/// Channels in a row of weights: a whole number of the widest vectors. Those that are too many are zero.
inline constexpr int64_t kDepthwiseLanes = 16;
inline int64_t padded_channels(int64_t channels) {
  return (channels + kDepthwiseLanes - 1) / kDepthwiseLanes * kDepthwiseLanes;
}

/// out = clip(convolution(clip(x)) + bias), with 0 and 6 the ReLU6 before and after it, with infinities the
/// convolution alone. Inputs are clipped while rows are copied to where they are padded, so that a preceding
/// layer needs no pass over its result for its activation. `scratch` grows as
/// needed and may be reused between calls.
void convolve_depthwise(const DepthwiseProduct& product, std::vector<float>& scratch);

/// The kernels that this processor can run, fastest first, for tests.
using DepthwiseKernel = void (*)(const DepthwiseProduct&, std::vector<float>& scratch);
std::vector<DepthwiseKernel> depthwise_kernels();

}  // namespace kiloword
