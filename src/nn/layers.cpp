#include "kiloword/nn/layers.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <mutex>
#include <numeric>
#include <utility>

#include "nn/int8_matrix.h"
#include "nn/onednn.h"
#include "nn/panel_matrix.h"

namespace kiloword {

std::vector<int64_t> split_into_calls(int64_t count, const std::vector<int64_t>& rows) {
  if (rows.empty()) return {count};
  std::vector<int64_t> calls;
  for (auto size = rows.rbegin(); size != rows.rend(); ++size) {
    for (; count >= *size; count -= *size) calls.push_back(*size);
    // Reading the weights of a layer takes as long as about this many rows of arithmetic.
    constexpr int64_t kRowsWorthReading = 20;
    if (count == 0 || std::next(size) == rows.rend()) continue;
    const int64_t smaller = *std::next(size);
    const int64_t smaller_calls = (count + smaller - 1) / smaller;
    if (*size <= smaller_calls * std::max(smaller, kRowsWorthReading)) {
      calls.push_back(*size);
      return calls;
    }
  }
  if (count > 0) calls.push_back(rows.front());
  return calls;
}

/// The weights laid out for calls of `rows`, by the first call that needs them.
struct Linear::PackedForRows {
  explicit PackedForRows(int64_t rows_of_calls) : rows(rows_of_calls) {}

  const int64_t rows;
  std::once_flag once;
  std::unique_ptr<PackedConvolution> weights;
};

Linear::Linear(WeightLoader& loader, const Compute& compute, LinearSpec spec)
    : compute_(compute), spec_(std::move(spec)) {
  packed_.reserve(spec_.rows.size());
  for (const int64_t rows : spec_.rows) packed_.push_back(std::make_unique<PackedForRows>(rows));
  std::vector<TensorSpec> wanted = spec_.weights;
  wanted.insert(wanted.end(), spec_.biases.begin(), spec_.biases.end());
  reader_ = loader.reader(wanted);
  loader.request(std::move(wanted), [this](const std::vector<at::Tensor>& tensors) {
    const Weights weights = assemble(tensors);
    if (compute_.int8 && spec_.may_be_int8) {
      int8_ = std::make_unique<Int8Matrix>(weights.weight, weights.bias);
    } else if (spec_.rows.empty() && compute_.device.is_cpu()) {
      panels_ = std::make_unique<PanelMatrix>(weights.weight, weights.bias);
    } else if (compute_.onednn) {
      PackedForRows& first = *packed_.front();
      std::call_once(first.once, [&] { first.weights = pack(weights, first.rows); });
    } else {
      weights_ = {weights.weight.contiguous().to(compute_.device), weights.bias.to(compute_.device)};
    }
  });
}

Linear::~Linear() = default;

Linear::Weights Linear::assemble(const std::vector<at::Tensor>& tensors) const {
  std::vector<at::Tensor> weights;
  for (size_t i = 0; i < spec_.weights.size(); ++i) {
    weights.push_back(spec_.transposed ? tensors[i].t() : tensors[i].reshape({-1, spec_.inputs}));
  }
  const std::vector<at::Tensor> biases(tensors.begin() + static_cast<std::ptrdiff_t>(weights.size()),
                                       tensors.end());
  at::Tensor stacked = weights.size() == 1 ? weights[0] : at::cat(weights);
  at::Tensor bias = biases.empty() ? at::zeros({stacked.size(0)}, stacked.options()) : at::cat(biases);
  if (spec_.outputs > 0) {
    stacked = stacked.narrow(0, spec_.first_output, spec_.outputs);
    bias = bias.narrow(0, spec_.first_output, spec_.outputs);
  }
  return {stacked.to(compute_.type), bias.to(compute_.type)};  // the weight perhaps input by input in memory
}

std::unique_ptr<PackedConvolution> Linear::pack(const Weights& weights, int64_t rows) const {
  return std::make_unique<PackedConvolution>(weights.weight.unsqueeze(2).unsqueeze(3), weights.bias, 1, 0,
                                             std::array<int64_t, 4>{1, spec_.inputs, 1, rows}, false);
}

const PackedConvolution& Linear::packed_for(int64_t rows) const {
  PackedForRows& packed =
      **std::find_if(packed_.begin(), packed_.end(), [rows](const auto& each) { return each->rows == rows; });
  std::call_once(packed.once, [&] { packed.weights = pack(assemble(reader_()), rows); });
  return *packed.weights;
}

at::Tensor Linear::multiply_block(const at::Tensor& block) const {
  const int64_t rows = block.size(0);
  // A matrix is a picture of one line whose pixels are the rows: a 1 x 1 convolution is the product.
  const at::Tensor line =
      block.as_strided({1, spec_.inputs, 1, rows}, {block.numel(), 1, block.numel(), spec_.inputs});
  const at::Tensor out = packed_for(rows)(line);  // [1, outputs, 1, rows]
  return out.as_strided({rows, out.size(1)}, {out.size(1), 1});
}

at::Tensor Linear::operator()(const at::Tensor& x) const {
  if (int8_) return (*int8_)(x);
  if (panels_) return (*panels_)(x);
  if (!compute_.onednn) return at::linear(x, weights_.weight, weights_.bias);
  const at::Tensor in = x.contiguous();
  const int64_t count = in.size(0);
  if (std::find(spec_.rows.begin(), spec_.rows.end(), count) != spec_.rows.end()) return multiply_block(in);
  const std::vector<int64_t> calls = split_into_calls(count, spec_.rows);
  const int64_t padded_count = std::accumulate(calls.begin(), calls.end(), int64_t{0});
  const at::Tensor padded = at::constant_pad_nd(in, {0, 0, 0, padded_count - count});
  std::vector<at::Tensor> out;
  int64_t begin = 0;
  for (const int64_t rows : calls) {
    out.push_back(multiply_block(padded.narrow(0, begin, rows)));
    begin += rows;
  }
  return at::cat(out).narrow(0, 0, count);
}

at::Tensor Linear::weight_rows(const std::vector<int64_t>& outputs) const {
  if (panels_) return panels_->rows(outputs);
  const at::Tensor indices = at::tensor(outputs, at::kLong).to(compute_.device);
  return weights_.weight.index_select(0, indices).to(at::kFloat);  // [N, inputs]
}

LayerNorm::LayerNorm(WeightLoader& loader, const Compute& compute, const std::string& name, int64_t width,
                     double epsilon)
    : width_(width), epsilon_(epsilon) {
  loader.request({{name + ".weight", {width}}, {name + ".bias", {width}}},
                 [this, device = compute.device](const std::vector<at::Tensor>& tensors) {
                   weight_ = tensors[0].to(device);
                   bias_ = tensors[1].to(device);
                 });
}

at::Tensor LayerNorm::operator()(const at::Tensor& x) const {
  return at::layer_norm(x, {width_}, weight_, bias_, epsilon_);
}

}  // namespace kiloword
