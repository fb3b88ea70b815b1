#pragma once

#include <ATen/ATen.h>

#include <memory>

#include "kiloword/nn/compute.h"

namespace kiloword {

class PackedConvolution;
class PackedDepthwise;

/// A convolution's weights with all adjacent operations folded in, in double precision until they are used.
struct FoldedWeights {
  at::Tensor weight;  ///< [outputs, inputs of a kernel, kernel, kernel]
  at::Tensor bias;    ///< [outputs]
};

/// Batch normalisation as it is stored, each [C].
struct BatchNormTensors {
  at::Tensor weight;
  at::Tensor bias;
  at::Tensor mean;
  at::Tensor variance;
};

/// norm(W x) = gamma (W x - mean) / sqrt(variance + epsilon) + beta = (scale W) x + (beta - mean scale).
FoldedWeights fold_norm(const at::Tensor& weight, const BatchNormTensors& norm, double epsilon);

/// Square convolution of images of one size, padded by half its kernel, whose weights its owner makes from
/// those of several layers at load. It must not be moved, and may be called from several threads at once when
/// it has its weights.
class FoldedConvolution {
 public:
  struct Shape {
    int64_t side = 1;  ///< height and width of the input
    int64_t stride = 1;
    int64_t groups = 1;
    bool relu = false;  ///< ReLU after it
  };

  FoldedConvolution(const Compute& compute, const Shape& shape);
  FoldedConvolution(const FoldedConvolution&) = delete;
  FoldedConvolution& operator=(const FoldedConvolution&) = delete;
  ~FoldedConvolution();

  /// Once, before the first call.
  void set(const FoldedWeights& folded);

  /// [B, inputs, side, side] -> [B, outputs, ceil(side / stride), ...], channels last, of the type to compute
  /// in. On the CPU B is 1.
  at::Tensor operator()(const at::Tensor& x) const;

 private:
  Compute compute_;
  Shape shape_;
  int64_t padding_ = 0;
  at::Tensor weight_;
  at::Tensor bias_;
  std::unique_ptr<PackedConvolution> packed_;
  std::unique_ptr<PackedDepthwise> depthwise_;  // on the CPU, where every channel is a group
};

}  // namespace kiloword
