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

// As in layers.h, layers declare their tensors on construction and must not be moved.

/// Specification of a square convolution with batch normalization.
struct ConvolutionSpec {
  std::string convolution;  ///< tensor `<convolution>.weight`, no bias
  std::string norm;         ///< tensors `<norm>.weight`, `.bias`, `.running_mean`, `.running_var`
  int64_t inputs = 0;
  int64_t outputs = 0;
  int64_t kernel = 1;
  int64_t stride = 1;
  int64_t side = 1;   ///< height and width of the input
  bool relu = false;  ///< ReLU after the normalization
  double norm_epsilon = 1e-5;
  /// TensorFlow's "same" padding: the output side is ceil(side / stride), and if the number of zeros is odd,
  /// the larger half comes after the image. Otherwise, half the kernel on every side.
  bool tensorflow_padding = false;

  /// Height and width of the output.
  int64_t out_side() const { return (side + stride - 1) / stride; }
};

/// Square convolution with "same" padding (before the stride), batch normalization folded in at load.
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
  std::unique_ptr<PackedConvolution> packed_;  // for single images
};

/// Depthwise square convolution between two ReLU6 (min(max(x, 0), 6)), one on its input and one on its
/// output, with batch normalization folded in at load. On the CPU it uses a custom kernel: a depthwise
/// convolution does so little work that separate activation passes take longer than the convolution.
class DepthwiseConvolution {
 public:
  /// `spec.inputs` equals `spec.outputs`; `spec.relu` is ignored.
  DepthwiseConvolution(WeightLoader& loader, const Compute& compute, ConvolutionSpec spec);
  DepthwiseConvolution(const DepthwiseConvolution&) = delete;
  DepthwiseConvolution& operator=(const DepthwiseConvolution&) = delete;
  ~DepthwiseConvolution();

  /// [B, C, side, side] -> [B, C, out_side, out_side], both channels last and of the compute type.
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
