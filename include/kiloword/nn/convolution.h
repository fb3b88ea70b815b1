#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <string>
#include <vector>

#include "kiloword/nn/compute.h"
#include "kiloword/nn/weight_loader.h"

namespace kiloword {

class PackedConvolution;
class PackedDepthwise;

// As in layers.h, layers declare their tensors when they are constructed and stay where they were
// constructed.

/// The specification of a square convolution with batch normalisation.
struct ConvolutionSpec {
  std::string convolution;  ///< tensor `<convolution>.weight`, no bias
  std::string norm;         ///< tensors `<norm>.weight`, `.bias`, `.running_mean`, `.running_var`
  int64_t inputs = 0;
  int64_t outputs = 0;
  int64_t kernel = 1;
  int64_t stride = 1;
  int64_t side = 1;   ///< height and width of the input
  bool relu = false;  ///< ReLU after the normalisation
  double norm_epsilon = 1e-5;
  /// Padded as TensorFlow's "same": the outputs are ceil(side / stride), and of an odd number of zeros the
  /// larger half comes after the image. Otherwise half the kernel on every side.
  bool tensorflow_padding = false;

  /// Height and width of the result.
  int64_t out_side() const { return (side + stride - 1) / stride; }
};

/// Square convolution, padded to keep the side (before the stride), with batch normalisation folded in at
/// load.
class Convolution {
 public:
  Convolution(WeightLoader& loader, const Compute& compute, ConvolutionSpec spec);
  Convolution(const Convolution&) = delete;
  Convolution& operator=(const Convolution&) = delete;
  ~Convolution();

  /// [B, inputs, side, side] -> [B, outputs, out_side, out_side], channels last.
  at::Tensor operator()(const at::Tensor& x) const;

 private:
  void receive(const std::vector<at::Tensor>& tensors);

  Compute compute_;
  ConvolutionSpec spec_;
  int64_t padding_;
  at::Tensor weight_;
  at::Tensor bias_;
  std::unique_ptr<PackedConvolution> packed_;  // for one image at a time
};

/// Square convolution of each channel by itself between two ReLU6 (min(max(x, 0), 6)), one of its input and
/// one of its result, with batch normalisation folded in at load. On the CPU by a kernel of its own: a
/// depthwise convolution does so little that the passes of separate activations take longer than it.
class DepthwiseConvolution {
 public:
  /// `spec.inputs` equals `spec.outputs`; `spec.relu` is not looked at.
  DepthwiseConvolution(WeightLoader& loader, const Compute& compute, ConvolutionSpec spec);
  DepthwiseConvolution(const DepthwiseConvolution&) = delete;
  DepthwiseConvolution& operator=(const DepthwiseConvolution&) = delete;
  ~DepthwiseConvolution();

  /// [B, C, side, side] -> [B, C, out_side, out_side], both channels last and of the type to compute in.
  at::Tensor operator()(const at::Tensor& x) const;

 private:
  at::Tensor on_device(const at::Tensor& x) const;

  Compute compute_;
  ConvolutionSpec spec_;
  std::unique_ptr<PackedDepthwise> packed_;  // on the CPU
  at::Tensor weight_;                        // elsewhere, [C, 1, kernel, kernel]
  at::Tensor bias_;
};

}  // namespace kiloword
