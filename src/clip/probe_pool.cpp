#include "clip/probe_pool.h"

#include <utility>

#include "kiloword/nn/attention.h"

namespace kiloword {
namespace {

LinearSpec linear_spec(const std::string& name, int64_t inputs, int64_t outputs) {
  LinearSpec spec;
  spec.weights = {{name + ".weight", {outputs, inputs}}};
  spec.biases = {{name + ".bias", {outputs}}};
  spec.inputs = inputs;
  return spec;
}

/// Sizes of the tensors that queries', keys' and values' weights come in: one of 3C rows, or C and 2C.
std::vector<int64_t> qkv_rows(const AttentionPooledNames& names, int64_t width) {
  if (names.qkv_weights.size() == 1) return {3 * width};
  return {width, 2 * width};
}

std::vector<TensorSpec> qkv_tensors(const AttentionPooledNames& names, int64_t width, bool biases) {
  const std::vector<int64_t> rows = qkv_rows(names, width);
  const std::vector<std::string>& chosen = biases ? names.qkv_biases : names.qkv_weights;
  std::vector<TensorSpec> specs;
  for (size_t i = 0; i < rows.size(); ++i) {
    specs.push_back(
        {chosen[i], biases ? std::vector<int64_t>{rows[i]} : std::vector<int64_t>{rows[i], width}});
  }
  return specs;
}

LinearSpec qkv_spec(const AttentionPooledNames& names, int64_t width, std::vector<int64_t> rows) {
  LinearSpec spec;
  spec.weights = qkv_tensors(names, width, /*biases=*/false);
  spec.biases = qkv_tensors(names, width, /*biases=*/true);
  spec.inputs = width;
  spec.rows = std::move(rows);
  return spec;
}

}  // namespace

ProbePool::ProbePool(WeightLoader& loader, const Compute& compute, const VisionConfig& vision,
                     const AttentionPooledNames& names, std::vector<int64_t> rows)
    : type_(compute.type),
      width_(vision.width),
      heads_(vision.heads),
      activation_(vision.activation),
      post_norm_(loader, compute, names.post_norm, width_, vision.norm_epsilon),
      qkv_(loader, compute, qkv_spec(names, width_, std::move(rows))),
      out_(loader, compute, linear_spec(names.out, width_, width_)),
      norm_(loader, compute, names.norm, width_, vision.norm_epsilon),
      hidden_(loader, compute, linear_spec(names.hidden, width_, vision.hidden)),
      hidden_out_(loader, compute, linear_spec(names.hidden_out, vision.hidden, width_)) {
  std::vector<TensorSpec> specs{{names.probe, {1, 1, width_}},
                                qkv_tensors(names, width_, /*biases=*/false).front(),
                                qkv_tensors(names, width_, /*biases=*/true).front()};
  loader.request(std::move(specs), [this, compute](const std::vector<at::Tensor>& tensors) {
    const at::Tensor query = at::linear(tensors[0].reshape({1, width_}), tensors[1].narrow(0, 0, width_),
                                        tensors[2].narrow(0, 0, width_));  // [1, C]
    query_ = query.to(compute.device, compute.type);
  });
}

at::Tensor ProbePool::attend(const Rows& rows) const {
  const auto batch = static_cast<int64_t>(rows.lengths.size());
  const at::Tensor qkv = qkv_(post_norm_(rows.x).to(type_));  // [M, 3C]
  return pooling_attention(query_.expand({batch, width_}), qkv.narrow(1, width_, width_),
                           qkv.narrow(1, 2 * width_, width_), rows.lengths, heads_);  // [B, C]
}

at::Tensor ProbePool::operator()(const std::vector<Rows>& groups) const {
  std::vector<at::Tensor> attended;
  attended.reserve(groups.size());
  for (const Rows& rows : groups) attended.push_back(attend(rows));
  const at::Tensor x = out_(at::cat(attended)).to(at::kFloat);  // [B, C]
  at::Tensor hidden = hidden_(norm_(x).to(type_));              // [B, hidden]
  activate(hidden, activation_);
  return x + hidden_out_(hidden).to(at::kFloat);  // [B, C]
}

}  // namespace kiloword
