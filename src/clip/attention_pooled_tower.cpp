#include "clip/attention_pooled_tower.h"

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

LinearSpec qkv_spec(const AttentionPooledNames& names, int64_t width, int64_t patches) {
  LinearSpec spec;
  spec.weights = qkv_tensors(names, width, /*biases=*/false);
  spec.biases = qkv_tensors(names, width, /*biases=*/true);
  spec.inputs = width;
  spec.rows = picture_call_rows(patches);
  return spec;
}

}  // namespace

AttentionPooledTower::AttentionPooledTower(WeightLoader& loader, const Compute& compute,
                                           const ClipConfig& config, const AttentionPooledNames& names)
    : PatchTower(loader, compute, config.vision,
                 {names.patch_embedding + ".weight", names.patch_embedding + ".bias"}, names.blocks, 0),
      heads_(config.vision.heads),
      activation_(config.vision.activation),
      post_norm_(loader, compute, names.post_norm, width(), config.vision.norm_epsilon),
      qkv_(loader, compute, qkv_spec(names, width(), patch_count())),
      out_(loader, compute, linear_spec(names.out, width(), width())),
      norm_(loader, compute, names.norm, width(), config.vision.norm_epsilon),
      hidden_(loader, compute, linear_spec(names.hidden, width(), config.vision.hidden)),
      hidden_out_(loader, compute, linear_spec(names.hidden_out, config.vision.hidden, width())) {
  std::vector<int64_t> places{patch_count(), width()};
  if (names.positions_have_batch) places.insert(places.begin(), 1);
  std::vector<TensorSpec> specs{{names.positions, places},
                                {names.probe, {1, 1, width()}},
                                qkv_tensors(names, width(), /*biases=*/false).front(),
                                qkv_tensors(names, width(), /*biases=*/true).front()};
  loader.request(std::move(specs), [this, compute](const std::vector<at::Tensor>& tensors) {
    positions_ = tensors[0].reshape({patch_count(), width()}).to(compute.device);
    const at::Tensor query = at::linear(tensors[1].reshape({1, width()}), tensors[2].narrow(0, 0, width()),
                                        tensors[3].narrow(0, 0, width()));  // [1, C]
    query_ = query.to(compute.device, compute.type);
  });
}

at::Tensor AttentionPooledTower::begin(const at::Tensor& patches) const {
  return patches + positions_;  // [B, N, C]
}

at::Tensor AttentionPooledTower::attend(const Rows& rows) const {
  const auto batch = static_cast<int64_t>(rows.lengths.size());
  const at::Tensor qkv = qkv_(post_norm_(rows.x).to(compute().type));  // [B * N, 3C]
  return pooling_attention(query_.expand({batch, width()}), qkv.narrow(1, width(), width()),
                           qkv.narrow(1, 2 * width(), width()), heads_);  // [B, C]
}

at::Tensor AttentionPooledTower::pool(const std::vector<Rows>& groups) const {
  std::vector<at::Tensor> attended;
  attended.reserve(groups.size());
  for (const Rows& rows : groups) attended.push_back(attend(rows));
  const at::Tensor x = out_(at::cat(attended)).to(at::kFloat);  // [B, C]
  at::Tensor hidden = hidden_(norm_(x).to(compute().type));     // [B, hidden]
  activate(hidden, activation_);
  return x + hidden_out_(hidden).to(at::kFloat);  // [B, D]
}

}  // namespace kiloword
