#include "kiloword/nn/transformer.h"

#include <ATen/Parallel.h>

#include "kiloword/nn/attention.h"
#include "nn/vector_kernels.h"

namespace kiloword {
namespace {

/// Values that one thread takes at least.
constexpr int64_t kGrain = 16384;

LinearSpec linear_spec(const std::string& name, int64_t inputs, int64_t outputs,
                       const std::vector<int64_t>& rows) {
  LinearSpec spec;
  spec.weights = {{name + ".weight", {outputs, inputs}}};
  spec.biases = {{name + ".bias", {outputs}}};
  spec.inputs = inputs;
  spec.rows = rows;
  return spec;
}

LinearSpec qkv_spec(const BlockNames& names, const TransformerShape& shape) {
  LinearSpec spec;
  const int64_t outputs = 3 * shape.width / static_cast<int64_t>(names.qkv_weights.size());
  for (const std::string& name : names.qkv_weights) spec.weights.push_back({name, {outputs, shape.width}});
  for (const std::string& name : names.qkv_biases) spec.biases.push_back({name, {outputs}});
  spec.inputs = shape.width;
  spec.rows = shape.rows;
  return spec;
}

void activate(at::Tensor& x, Activation activation) {
  if (activation == Activation::kGelu) {
    at::gelu_(x);
  } else if (x.device().is_cpu() && x.scalar_type() == at::kFloat) {
    float* values = x.data_ptr<float>();
    at::parallel_for(0, x.numel(), kGrain,
                     [values](int64_t begin, int64_t end) { quick_gelu(values + begin, end - begin); });
  } else {
    x.mul_(at::sigmoid(x * 1.702));
  }
}

}  // namespace

TransformerBlock::TransformerBlock(WeightLoader& loader, const Compute& compute,
                                   const TransformerShape& shape, const BlockNames& names)
    : type_(compute.type),
      shape_(shape),
      norm_1_(loader, compute, names.norm_1, shape.width, shape.norm_epsilon),
      qkv_(loader, compute, qkv_spec(names, shape)),
      out_(loader, compute, linear_spec(names.out, shape.width, shape.width, shape.rows)),
      norm_2_(loader, compute, names.norm_2, shape.width, shape.norm_epsilon),
      hidden_(loader, compute, linear_spec(names.hidden, shape.width, shape.hidden, shape.rows)),
      hidden_out_(loader, compute, linear_spec(names.hidden_out, shape.hidden, shape.width, shape.rows)) {}

void TransformerBlock::operator()(Rows& rows) const {
  const at::Tensor qkv = qkv_(norm_1_(rows.x).to(type_));  // [M, 3C]
  rows.x.add_(out_(self_attention(qkv, rows.lengths, shape_.heads, shape_.causal)));
  at::Tensor hidden = hidden_(norm_2_(rows.x).to(type_));  // [M, hidden]
  activate(hidden, shape_.activation);
  rows.x.add_(hidden_out_(hidden));
}

Transformer::Transformer(WeightLoader& loader, const Compute& compute, const TransformerShape& shape,
                         const std::vector<BlockNames>& names) {
  for (const BlockNames& block : names) blocks_.emplace_back(loader, compute, shape, block);
}

void Transformer::operator()(std::vector<Rows>& groups) const {
  for (const TransformerBlock& block : blocks_) {
    for (Rows& rows : groups) block(rows);
  }
}

}  // namespace kiloword
