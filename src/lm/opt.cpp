#include "lm/opt.h"

#include "kiloword/nn/transformer.h"

namespace kiloword {
namespace {

constexpr const char* kHead = "lm_head.weight";
constexpr int64_t kFirstPosition = 2;  // the rows before it were those of padding

LinearSpec qkv_spec(const OptConfig& config, const std::string& attention) {
  return linear_spec({{attention + "q_proj", config.width},
                      {attention + "k_proj", config.width},
                      {attention + "v_proj", config.width}},
                     config.width, config.bias);
}

}  // namespace

OptLayer::OptLayer(WeightLoader& loader, const Compute& compute, const OptConfig& config,
                   const std::string& prefix)
    : type_(compute.type),
      config_(config),
      attention_norm_(loader, compute, prefix + "self_attn_layer_norm", config.width, config.norm_epsilon),
      qkv_(loader, compute, qkv_spec(config, prefix + "self_attn.")),
      out_(loader, compute,
           linear_spec({{prefix + "self_attn.out_proj", config.width}}, config.width, config.bias)),
      feed_forward_norm_(loader, compute, prefix + "final_layer_norm", config.width, config.norm_epsilon),
      hidden_(loader, compute, linear_spec({{prefix + "fc1", config.hidden}}, config.width, config.bias)),
      hidden_out_(loader, compute,
                  linear_spec({{prefix + "fc2", config.width}}, config.hidden, config.bias)) {}

at::Tensor OptLayer::attend(const at::Tensor& x, const std::vector<int64_t>& nodes, TokenTreeCache& cache,
                            int64_t layer) const {
  const at::Tensor qkv = qkv_(x.to(type_));  // [M, 3C]
  cache.store(layer, nodes.front(), x.size(0), qkv);
  return out_(cache.attend(layer, qkv.narrow(1, 0, config_.width), nodes, config_.heads));  // [M, C]
}

at::Tensor OptLayer::feed_forward(const at::Tensor& x) const {
  at::Tensor hidden = hidden_(x.to(type_));  // [M, hidden]
  activate(hidden, config_.activation);
  return hidden_out_(hidden);  // [M, C]
}

at::Tensor OptLayer::extend(const at::Tensor& x, const std::vector<int64_t>& nodes, TokenTreeCache& cache,
                            int64_t layer) const {
  if (config_.norms_first) {
    const at::Tensor attended = x + attend(attention_norm_(x), nodes, cache, layer);
    return attended + feed_forward(feed_forward_norm_(attended));
  }
  const at::Tensor attended = attention_norm_(x + attend(x, nodes, cache, layer));
  return feed_forward_norm_(attended + feed_forward(attended));
}

std::string opt_prefix(const Checkpoint& file) {
  const std::string prefix = "model.decoder.";
  return file.find(prefix + "embed_tokens.weight") != nullptr ? prefix : "decoder.";
}

Opt::Opt(WeightLoader& loader, const Compute& compute, const OptConfig& config, const std::string& prefix)
    : compute_(compute),
      config_(config),
      tokens_(loader, compute,
              token_spec(prefix + "embed_tokens.weight", config.vocab_size, config.token_width)) {
  loader.request(
      {{prefix + "embed_positions.weight", {config.context_length + kFirstPosition, config.width}}},
      [this](const std::vector<at::Tensor>& tensors) { positions_ = tensors[0].to(compute_.device); });
  if (config.token_width != config.width) {
    project_in_ = std::make_unique<Linear>(
        loader, compute, linear_spec({{prefix + "project_in", config.width}}, config.token_width, false));
    project_out_ = std::make_unique<Linear>(
        loader, compute, linear_spec({{prefix + "project_out", config.token_width}}, config.width, false));
  }
  for (int64_t i = 0; i < config.layers; ++i)
    layers_.emplace_back(loader, compute, config, prefix + "layers." + std::to_string(i) + ".");
  if (config.final_norm) {
    final_norm_ = std::make_unique<LayerNorm>(loader, compute, prefix + "final_layer_norm", config.width,
                                              config.norm_epsilon);
  }
  head_ = std::make_unique<OutputLayer>(loader, compute, tokens_, config.tied, kHead, config.vocab_size,
                                        config.token_width);
}

at::Tensor Opt::extend(TokenTreeCache& cache, const std::vector<int32_t>& ids) const {
  const NewNodes nodes(cache, ids.size());
  const at::Tensor places = at::tensor(nodes.depths, at::kLong).to(compute_.device) + kFirstPosition;
  at::Tensor x = tokens_.weight_rows({ids.begin(), ids.end()});                        // [N, E]
  if (project_in_ != nullptr) x = (*project_in_)(x.to(compute_.type)).to(at::kFloat);  // [N, C]
  x = x + positions_.index_select(0, places);
  int64_t layer = 0;
  for (const OptLayer& each : layers_) x = each.extend(x, nodes.numbers, cache, layer++);
  if (final_norm_ != nullptr) x = (*final_norm_)(x);
  if (project_out_ != nullptr) x = (*project_out_)(x.to(compute_.type)).to(at::kFloat);  // [N, E]
  return x;
}

}  // namespace kiloword
