#include "nn/int8_matrix.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <vector>

#include "nn/int8_kernel.h"

namespace kiloword {
namespace {

constexpr int kHighestWeight = 127;

int64_t ceil_divide(int64_t count, int64_t by) {
  return (count + by - 1) / by;
}

}  // namespace

Int8Matrix::Int8Matrix(const at::Tensor& weight, const at::Tensor& bias)
    : inputs_(weight.size(1)), outputs_(weight.size(0)) {
  const int64_t panels = ceil_divide(outputs_, kInt8PanelOutputs);
  const int64_t groups = ceil_divide(inputs_, kInt8GroupInputs);
  const int64_t more_outputs = panels * kInt8PanelOutputs - outputs_;
  const at::Tensor highest = weight.abs().amax(1);  // [outputs]
  const at::Tensor scales = at::where(highest > 0, highest / kHighestWeight, at::ones_like(highest));
  const at::Tensor whole = (weight / scales.unsqueeze(1)).round_().to(at::kChar);  // [outputs, inputs]
  const at::Tensor filled =
      at::constant_pad_nd(whole, {0, groups * kInt8GroupInputs - inputs_, 0, more_outputs});
  weights_ = filled.view({panels, kInt8PanelOutputs, groups, kInt8GroupInputs})
                 .permute({0, 2, 1, 3})
                 .contiguous();  // [panels, groups, 64, 4]
  scales_ = at::constant_pad_nd(scales, {0, more_outputs});
  sums_ = at::constant_pad_nd(whole.sum(1, false, at::kInt), {0, more_outputs});
  bias_ = at::constant_pad_nd(bias, {0, more_outputs});
}

at::Tensor Int8Matrix::operator()(const at::Tensor& x) const {
  constexpr int64_t kRowsPerThread = 8;
  constexpr int64_t kBlockRows = 96;  // whose levels and a panel's weights fit a core's cache
  const at::Tensor in = x.contiguous();
  const int64_t rows = in.size(0);
  const int64_t panels = weights_.size(0);
  const int64_t padded_inputs = weights_.size(1) * kInt8GroupInputs;
  const at::Tensor levels = at::empty({rows, padded_inputs}, at::kByte);
  std::vector<Int8Row> row_of(static_cast<size_t>(rows));
  at::parallel_for(0, rows, kRowsPerThread, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      uint8_t* to = levels.data_ptr<uint8_t>() + row * padded_inputs;
      row_of[static_cast<size_t>(row)] = quantize_row(in.data_ptr<float>() + row * inputs_, inputs_, to);
      std::fill(to + inputs_, to + padded_inputs, uint8_t{0});
    }
  });
  at::Tensor out = at::empty({rows, outputs_}, in.options());
  Int8Product product;
  product.levels = levels.data_ptr<uint8_t>();
  product.row_of = row_of.data();
  product.weights = weights_.data_ptr<int8_t>();
  product.weight_scale = scales_.data_ptr<float>();
  product.weight_sum = sums_.data_ptr<int32_t>();
  product.bias = bias_.data_ptr<float>();
  product.out = out.data_ptr<float>();
  product.groups = weights_.size(1);
  product.outputs = outputs_;
  const int64_t blocks = ceil_divide(rows, kBlockRows);
  at::parallel_for(0, panels * blocks, 1, [&](int64_t begin, int64_t end) {
    for (int64_t job = begin; job < end; ++job) {
      const int64_t first = job % blocks * kBlockRows;
      multiply_int8(product, {job / blocks, first, std::min(first + kBlockRows, rows)});
    }
  });
  return out;
}

}  // namespace kiloword
