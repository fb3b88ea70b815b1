#include "clip/coca_tower.h"

#include <utility>

#include "kiloword/nn/attention.h"

namespace kiloword {
namespace {

const std::string kPooler = "visual.attn_pool.";

/// Keys and values in one layer, without their biases: that of a key is the same for all keys of a query and
/// changes no softmax, that of a value is added behind it.
LinearSpec key_value_spec(const ClipConfig& config, std::vector<int64_t> rows) {
  const std::vector<int64_t> shape{config.projection_dim, config.vision.width};
  LinearSpec spec;
  spec.weights = {{kPooler + "attn.k_proj_weight", shape}, {kPooler + "attn.v_proj_weight", shape}};
  spec.inputs = config.vision.width;
  spec.rows = std::move(rows);
  return spec;
}

LinearSpec out_spec(const ClipConfig& config) {
  const int64_t dim = config.projection_dim;
  LinearSpec spec;
  spec.weights = {{kPooler + "attn.out_proj.weight", {dim, dim}}};
  spec.biases = {{kPooler + "attn.out_proj.bias", {dim}}};
  spec.inputs = dim;
  spec.rows = {1, config.vision.pool_queries};
  return spec;
}

LinearSpec projection_spec(int64_t dim) {
  LinearSpec spec;
  spec.weights = {{"visual.proj", {dim, dim}}};
  spec.inputs = dim;
  spec.transposed = true;
  return spec;
}

}  // namespace

AttentionalPooler::AttentionalPooler(WeightLoader& loader, const Compute& compute, const ClipConfig& config,
                                     std::vector<int64_t> rows)
    : type_(compute.type),
      dim_(config.projection_dim),
      heads_(config.vision.pool_heads),
      key_norm_(loader, compute, kPooler + "ln_k", config.vision.width, config.vision.norm_epsilon),
      key_value_(loader, compute, key_value_spec(config, std::move(rows))),
      out_(loader, compute, out_spec(config)) {
  loader.request(
      {{kPooler + "query", {config.vision.pool_queries, dim_}},
       {kPooler + "ln_q.weight", {dim_}},
       {kPooler + "ln_q.bias", {dim_}},
       {kPooler + "attn.q_proj_weight", {dim_, dim_}},
       {kPooler + "attn.in_proj_bias", {3 * dim_}}},
      [this, compute, epsilon = config.vision.norm_epsilon](const std::vector<at::Tensor>& tensors) {
        const at::Tensor normed =
            at::layer_norm(tensors[0], {dim_}, tensors[1], tensors[2], epsilon);                     // [Q, D]
        const at::Tensor projected = at::linear(normed, tensors[3], tensors[4].narrow(0, 0, dim_));  // [Q, D]
        queries_ = projected.to(compute.device, compute.type);
        value_bias_ = tensors[4].narrow(0, 2 * dim_, dim_).to(compute.device, compute.type).clone();
      });
}

at::Tensor AttentionalPooler::operator()(const Rows& rows, int64_t queries) const {
  const auto batch = static_cast<int64_t>(rows.lengths.size());
  const at::Tensor key_value =
      key_value_(key_norm_(rows.x).to(type_)).narrow(0, 0, batch * rows.lengths.front());  // [B * T, 2D]
  const at::Tensor asked = queries_.narrow(0, 0, queries).repeat({batch, 1});              // [B * queries, D]
  const at::Tensor answers =
      cross_attention(asked, key_value.narrow(1, 0, dim_), key_value.narrow(1, dim_, dim_), batch, heads_);
  return out_(answers + value_bias_).to(at::kFloat).reshape({batch, queries, dim_});
}

CocaTower::CocaTower(WeightLoader& loader, const Compute& compute, const ClipConfig& config,
                     const VisionTransformerNames& names)
    : PatchTower(loader, compute, config.vision, {names.patch_embedding}, names.blocks, 1),
      dim_(config.projection_dim),
      query_count_(config.vision.pool_queries),
      pre_norm_(loader, compute, names.pre_norm, width(), config.vision.norm_epsilon),
      pooler_(loader, compute, config, picture_call_rows(patch_count() + 1, compute)),
      post_norm_(loader, compute, names.post_norm, dim_, config.vision.norm_epsilon),
      projection_(loader, compute, projection_spec(dim_)) {
  loader.request({{names.class_embedding, {width()}}, {names.positions, {patch_count() + 1, width()}}},
                 [this, device = compute.device](const std::vector<at::Tensor>& tensors) {
                   class_embedding_ = tensors[0].to(device);
                   positions_ = tensors[1].to(device);
                 });
}

at::Tensor CocaTower::begin(const at::Tensor& patches) const {
  return pre_norm_(with_class_token(class_embedding_, patches) + positions_);  // [B, N + 1, C]
}

at::Tensor CocaTower::pool(const std::vector<Rows>& groups) const {
  std::vector<at::Tensor> answers;
  answers.reserve(groups.size());
  for (const Rows& rows : groups) answers.push_back(pooler_(rows, asked_));
  return post_norm_(at::cat(answers)).flatten(1);  // [B, asked * D]
}

at::Tensor CocaTower::project(const at::Tensor& features) const {
  const at::Tensor first = features.narrow(1, 0, dim_).to(compute().type);  // [B, D]
  return projection_(first).to(at::kFloat);                                 // [B, D]
}

}  // namespace kiloword
