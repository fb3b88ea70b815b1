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

// Layers declare their tensors when they are constructed and hold them once WeightLoader::load has run. They
// stay where they were constructed: the loader keeps a pointer to them. Loaded layers may be called from
// several threads at once.

/// The calls in which `count` rows go through a layer whose calls may have `rows` rows (ascending): as large
/// as can be filled, the rest in the calls that have the least to fill up. The last one may have rows to
/// spare.
std::vector<int64_t> split_into_calls(int64_t count, const std::vector<int64_t>& rows);

/// The specification of a linear layer.
struct LinearSpec {
  std::vector<TensorSpec> weights;  ///< stacked along the outputs, each seen as [its outputs, inputs]
  std::vector<TensorSpec> biases;   ///< stacked likewise; none: no bias
  int64_t inputs = 0;
  /// Numbers of rows in calls on the CPU, smallest first; other numbers are split into such calls. The
  /// weights are laid out for the first at load, for each of the others when needed. None: any number of rows
  /// goes in one call, all with one copy of the weights; a row's result does not depend on what shares its
  /// call.
  std::vector<int64_t> rows{1};
  bool transposed = false;   ///< the (one) weight is stored [inputs, outputs]
  int64_t first_output = 0;  ///< the layer is these of the stacked outputs alone:
  int64_t outputs = 0;       ///< so many from first_output on; 0: all
  bool may_be_int8 = false;  ///< computed in int8 if Compute::int8 is set; others stay in fp32
};

/// y = x W^T + b.
class Linear {
 public:
  Linear(WeightLoader& loader, const Compute& compute, LinearSpec spec);
  Linear(const Linear&) = delete;
  Linear& operator=(const Linear&) = delete;
  ~Linear();

  /// [M, inputs] -> [M, outputs], both of the type to compute in.
  at::Tensor operator()(const at::Tensor& x) const;

  /// The weights of `outputs`, in fp32: [N, inputs]. Of a layer without `rows`: an embedding that is also the
  /// last layer's weight (Press and Wolf 2017) needs no second copy.
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
  Weights weights_;                                     // where nothing is packed
  std::unique_ptr<Int8Matrix> int8_;                    // where may_be_int8 and Compute::int8
  std::unique_ptr<PanelMatrix> panels_;                 // on the CPU without `rows`
  std::vector<std::unique_ptr<PackedForRows>> packed_;  // one for each of `rows`
};

/// Layer normalisation over the last dimension (Ba et al. 2016), in fp32 whatever else is computed in.
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
