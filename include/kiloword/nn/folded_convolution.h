#pragma once

#include <ATen/ATen.h>

#include <memory>

#include "kiloword/nn/compute.h"

namespace kiloword {

class PackedConvolution;
class PackedDepthwise;

/// A convolution's weights with all adjacent linear operations folded in, kept in double precision until
/// set().
struct FoldedWeights {
  at::Tensor weight;  ///< [outputs, inputs of a kernel, kernel, kernel]
  at::Tensor bias;    ///< [outputs]
};

/// Tensors of a batch normalization, as stored, each [C].
struct BatchNormTensors {
  at::Tensor weight;
  at::Tensor bias;
  at::Tensor mean;
  at::Tensor variance;
};

/// norm(W x) = gamma (W x - mean) / sqrt(variance + epsilon) + beta = (scale W) x + (beta - mean scale).
FoldedWeights fold_norm(const at::Tensor& weight, const BatchNormTensors& norm, double epsilon);

/// Square convolution of images of one size, padded by half its kernel. Its owner computes the weights at
/// load from those of several layers. Not movable; thread-safe once it has its weights.
class FoldedConvolution {
 public:
  struct Shape {
    int64_t side = 1;  ///< height and width of the input
    int64_t stride = 1;
    int64_t groups = 1;
    bool relu = false;  ///< apply ReLU to the output
  };

  FoldedConvolution(const Compute& compute, const Shape& shape);
  FoldedConvolution(const FoldedConvolution&) = delete;
  FoldedConvolution& operator=(const FoldedConvolution&) = delete;
  ~FoldedConvolution();

  /// Call exactly once, before the first operator().
  void set(const FoldedWeights& folded);

  /// [B, inputs, side, side] -> [B, outputs, ceil(side / stride), ...], channels last, of the compute type.
  /// On the CPU, B must be 1.
  at::Tensor operator()(const at::Tensor& x) const;

 private:
  Compute compute_;
  Shape shape_;
  int64_t padding_ = 0;
  at::Tensor weight_;
  at::Tensor bias_;
  std::unique_ptr<PackedConvolution> packed_;
  std::unique_ptr<PackedDepthwise> depthwise_;  // on the CPU, if every channel is a group
};

}  // namespace kiloword
