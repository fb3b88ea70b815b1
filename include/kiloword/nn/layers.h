#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <string>
#include <vector>

#include "kiloword/nn/compute.h"
#include "kiloword/nn/weight_loader.h"

namespace kiloword {

class Int8Matrix;
class PackedConvolution;
class PanelMatrix;

// Layers declare their tensors on construction and hold them after WeightLoader::load. The loader keeps a
// pointer to each layer, so layers must not be moved. Loaded layers are thread-safe.

/// Splits `count` rows into calls of a layer that supports calls of `rows` rows (ascending): the largest
/// calls that can be filled, then the calls with the least padding. The last call may have padding rows.
std::vector<int64_t> split_into_calls(int64_t count, const std::vector<int64_t>& rows);

/// Specification of a linear layer.
struct LinearSpec {
  std::vector<TensorSpec> weights;  ///< stacked along the outputs, each viewed as [its outputs, inputs]
  std::vector<TensorSpec> biases;   ///< stacked likewise; empty: no bias
  int64_t inputs = 0;
  /// Rows per call on the CPU, ascending; other numbers of rows are split into such calls. Weights are packed
  /// for the first at load, for the others on first use. Empty: any number of rows goes in one call with a
  /// single copy of the weights, and a row's result does not depend on the other rows of its call.
  std::vector<int64_t> rows{1};
  bool transposed = false;   ///< the single weight is stored [inputs, outputs]
  int64_t first_output = 0;  ///< first of the stacked outputs that the layer uses
  int64_t outputs = 0;       ///< how many of them it uses; 0: all
  bool may_be_int8 = false;  ///< computed in int8 if Compute::int8 is set
};

/// y = x W^T + b.
class Linear {
 public:
  Linear(WeightLoader& loader, const Compute& compute, LinearSpec spec);
  Linear(const Linear&) = delete;
  Linear& operator=(const Linear&) = delete;
  ~Linear();

  /// [M, inputs] -> [M, outputs], both of the compute type.
  at::Tensor operator()(const at::Tensor& x) const;

  /// The weights of `outputs`, in fp32: [N, inputs]. Requires empty `rows`. An embedding that is also the
  /// last layer's weight (Press and Wolf 2017) thus needs no second copy.
  at::Tensor weight_rows(const std::vector<int64_t>& outputs) const;

 private:
  struct Weights {
    at::Tensor weight;  // [outputs, inputs]
    at::Tensor bias;    // [outputs]
  };

  struct PackedForRows;

  Weights assemble(const std::vector<at::Tensor>& tensors) const;
  std::unique_ptr<PackedConvolution> pack(const Weights& weights, int64_t rows) const;
  const PackedConvolution& packed_for(int64_t rows) const;
  at::Tensor multiply_block(const at::Tensor& block) const;

  Compute compute_;
  LinearSpec spec_;
  WeightLoader::Reader reader_;
  Weights weights_;                                     // if nothing is packed
  std::unique_ptr<Int8Matrix> int8_;                    // if may_be_int8 and Compute::int8
  std::unique_ptr<PanelMatrix> panels_;                 // on the CPU without `rows`
  std::vector<std::unique_ptr<PackedForRows>> packed_;  // one for each of `rows`
};

/// Layer normalization over the last dimension (Ba et al. 2016), always in fp32.
class LayerNorm {
 public:
  LayerNorm(WeightLoader& loader, const Compute& compute, const std::string& name, int64_t width,
            double epsilon);
  LayerNorm(const LayerNorm&) = delete;
  LayerNorm& operator=(const LayerNorm&) = delete;
  ~LayerNorm() = default;

  /// fp32 [M, C] -> fp32 [M, C].
  at::Tensor operator()(const at::Tensor& x) const;

 private:
  int64_t width_;
  double epsilon_;
  at::Tensor weight_;
  at::Tensor bias_;
};

}  // namespace kiloword
