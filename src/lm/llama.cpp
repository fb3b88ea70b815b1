#include "lm/llama.h"

#include "kiloword/nn/gated_activation.h"
#include "lm/network_parts.h"

namespace kiloword {
namespace {

constexpr const char* kHead = "lm_head.weight";

LinearSpec qkv_spec(const LlamaConfig& config, const std::string& attention) {
  const int64_t keys = config.key_heads * config.head_dim;
  return linear_spec({{attention + "q_proj", config.heads * config.head_dim},
                      {attention + "k_proj", keys},
                      {attention + "v_proj", keys}},
                     config.width, config.qkv_bias);
}

}  // namespace

LlamaLayer::LlamaLayer(WeightLoader& loader, const Compute& compute, const LlamaConfig& config,
                       const std::string& prefix)
    : type_(compute.type),
      config_(config),
      attention_norm_(loader, compute, prefix + "input_layernorm", config.width, config.norm_epsilon),
      qkv_(loader, compute, qkv_spec(config, prefix + "self_attn.")),
      out_(loader, compute,
           linear_spec({{prefix + "self_attn.o_proj", config.width}}, config.heads * config.head_dim,
                       config.out_bias)),
      feed_forward_norm_(loader, compute, prefix + "post_attention_layernorm", config.width,
                         config.norm_epsilon),
      gate_and_up_(
          loader, compute,
          linear_spec({{prefix + "mlp.gate_proj", config.hidden}, {prefix + "mlp.up_proj", config.hidden}},
                      config.width, config.hidden_bias)),
      down_(loader, compute,
            linear_spec({{prefix + "mlp.down_proj", config.width}}, config.hidden, config.hidden_bias)) {
  if (config.head_norms) {
    const auto norm = [&](const char* name) {
      return std::make_unique<RmsNorm>(loader, compute, prefix + "self_attn." + name, config.head_dim,
                                       config.norm_epsilon);
    };
    query_norm_ = norm("q_norm");
    key_norm_ = norm("k_norm");
  }
  loader.ignore(prefix + "self_attn.rotary_emb.inv_freq");  // frequencies, which early files carry along
}

/// `count` heads of `qkv` from head `first` on, fp32 [M, count, D], normalised and turned where that is asked
/// for.
at::Tensor LlamaLayer::heads_of(const at::Tensor& qkv, int64_t first, int64_t count, const RmsNorm* norm,
                                const RotaryPositions::Turns* turns) const {
  const int64_t dim = config_.head_dim;
  at::Tensor heads = qkv.narrow(1, first * dim, count * dim).to(at::kFloat).reshape({-1, count, dim});
  if (norm != nullptr) heads = (*norm)(heads);
  return turns != nullptr ? RotaryPositions::turn(heads, *turns) : heads;
}

void LlamaLayer::extend(at::Tensor& x, const std::vector<int64_t>& nodes, const RotaryPositions::Turns& turns,
                        TokenTreeCache& cache, int64_t layer) const {
  const at::Tensor qkv = qkv_(attention_norm_(x).to(type_));  // [M, (H + 2 K) D]
  const int64_t rows = x.size(0);
  const int64_t width = config_.heads * config_.head_dim;
  const int64_t shared_by = config_.heads / config_.key_heads;
  const at::Tensor query = heads_of(qkv, 0, config_.heads, query_norm_.get(), &turns);
  const at::Tensor keys = heads_of(qkv, config_.heads, config_.key_heads, key_norm_.get(), &turns);
  const at::Tensor values =
      heads_of(qkv, config_.heads + config_.key_heads, config_.key_heads, nullptr, nullptr);
  // The cache has keys and values of every head, those that heads share more than once.
  const at::Tensor all =
      at::cat({query, keys.repeat_interleave(shared_by, 1), values.repeat_interleave(shared_by, 1)}, 1)
          .reshape({rows, 3 * width})
          .to(type_);  // [M, 3 H D]
  cache.store(layer, nodes.front(), rows, all);
  x.add_(out_(cache.attend(layer, all.narrow(1, 0, width), nodes, config_.heads)));
  x.add_(feed_forward(x));
}

at::Tensor LlamaLayer::feed_forward(const at::Tensor& x) const {
  return down_(swiglu(gate_and_up_(feed_forward_norm_(x).to(type_))));
}

std::string llama_prefix(const Checkpoint& file) {
  const std::string prefix = "model.";
  return file.find(prefix + "embed_tokens.weight") != nullptr ? prefix : "";
}

Llama::Llama(WeightLoader& loader, const Compute& compute, const LlamaConfig& config,
             const std::string& prefix)
    : compute_(compute),
      config_(config),
      positions_(config.rotary),
      tokens_(loader, compute, token_spec(prefix + "embed_tokens.weight", config.vocab_size, config.width)),
      final_norm_(loader, compute, prefix + "norm", config.width, config.norm_epsilon) {
  for (int64_t i = 0; i < config.layers; ++i) {
    layers_.emplace_back(loader, compute, config, prefix + "layers." + std::to_string(i) + ".");
  }
  head_ = std::make_unique<OutputLayer>(loader, compute, tokens_, config.tied, kHead, config.vocab_size,
                                        config.width);
}

TokenTreeCache Llama::make_cache() const {
  return {config_.layers, config_.heads * config_.head_dim, compute_};
}

at::Tensor Llama::extend(TokenTreeCache& cache, const std::vector<int32_t>& ids) const {
  const NewNodes nodes(cache, ids.size());
  const RotaryPositions::Turns turns = positions_.turns(nodes.depths, compute_.device);
  at::Tensor x = tokens_.weight_rows({ids.begin(), ids.end()});  // [N, C]
  int64_t layer = 0;
  for (const LlamaLayer& each : layers_) each.extend(x, nodes.numbers, turns, cache, layer++);
  return final_norm_(x);
}

}  // namespace kiloword
