#include "lm/gpt_neox.h"

#include "kiloword/nn/transformer.h"

namespace kiloword {
namespace {

constexpr const char* kHead = "embed_out.weight";
constexpr const char* kRenamedHead = "lm_head.weight";  // within transformers 5

}  // namespace

GptNeoxLayer::GptNeoxLayer(WeightLoader& loader, const Compute& compute, const GptNeoxConfig& config,
                           const std::string& prefix)
    : type_(compute.type),
      config_(config),
      attention_norm_(loader, compute, prefix + "input_layernorm", config.width, config.norm_epsilon),
      qkv_(loader, compute,
           linear_spec({{prefix + "attention.query_key_value", 3 * config.width}}, config.width,
                       config.attention_bias)),
      out_(loader, compute,
           linear_spec({{prefix + "attention.dense", config.width}}, config.width, config.attention_bias)),
      feed_forward_norm_(loader, compute, prefix + "post_attention_layernorm", config.width,
                         config.norm_epsilon),
      hidden_(loader, compute,
              linear_spec({{prefix + "mlp.dense_h_to_4h", config.hidden}}, config.width, true)),
      hidden_out_(loader, compute,
                  linear_spec({{prefix + "mlp.dense_4h_to_h", config.width}}, config.hidden, true)) {
  // The causal mask and the frequencies of positions, which early files carry along.
  for (const char* name : {"bias", "masked_bias", "rotary_emb.inv_freq"})
    loader.ignore(prefix + "attention." + name);
}

at::Tensor GptNeoxLayer::attend(const at::Tensor& x, const std::vector<int64_t>& nodes,
                                const RotaryPositions::Turns& turns, TokenTreeCache& cache,
                                int64_t layer) const {
  const int64_t rows = x.size(0);
  const int64_t dim = config_.width / config_.heads;
  // Head by head: its query, its key, its value.
  const at::Tensor qkv = qkv_(attention_norm_(x).to(type_))
                             .to(at::kFloat)
                             .reshape({rows, config_.heads, 3, dim});  // [M, H, 3, D]
  const at::Tensor all = at::cat({RotaryPositions::turn(qkv.select(2, 0), turns),
                                  RotaryPositions::turn(qkv.select(2, 1), turns), qkv.select(2, 2)},
                                 1)
                             .reshape({rows, 3 * config_.width})
                             .to(type_);  // [M, 3C]
  cache.store(layer, nodes.front(), rows, all);
  return out_(cache.attend(layer, all.narrow(1, 0, config_.width), nodes, config_.heads));  // [M, C]
}

at::Tensor GptNeoxLayer::feed_forward(const at::Tensor& x) const {
  at::Tensor hidden = hidden_(feed_forward_norm_(x).to(type_));  // [M, hidden]
  activate(hidden, config_.activation);
  return hidden_out_(hidden);  // [M, C]
}

void GptNeoxLayer::extend(at::Tensor& x, const std::vector<int64_t>& nodes,
                          const RotaryPositions::Turns& turns, TokenTreeCache& cache, int64_t layer) const {
  const at::Tensor attended = attend(x, nodes, turns, cache, layer);
  if (config_.parallel) {
    const at::Tensor fed = feed_forward(x);
    x.add_(attended).add_(fed);
  } else {
    x.add_(attended);
    x.add_(feed_forward(x));
  }
}

std::string gpt_neox_prefix(const Checkpoint& file) {
  const std::string prefix = "gpt_neox.";
  return file.find(prefix + "embed_in.weight") != nullptr ? prefix : "";
}

GptNeox::GptNeox(WeightLoader& loader, const Compute& compute, const GptNeoxConfig& config,
                 const std::string& prefix)
    : compute_(compute),
      config_(config),
      positions_(config.rotary),
      tokens_(loader, compute, token_spec(prefix + "embed_in.weight", config.vocab_size, config.width)),
      final_norm_(loader, compute, prefix + "final_layer_norm", config.width, config.norm_epsilon) {
  for (int64_t i = 0; i < config.layers; ++i)
    layers_.emplace_back(loader, compute, config, prefix + "layers." + std::to_string(i) + ".");
  const std::string head = loader.has(kRenamedHead) ? kRenamedHead : kHead;
  head_ = std::make_unique<OutputLayer>(loader, compute, tokens_, config.tied, head, config.vocab_size,
                                        config.width);
}

at::Tensor GptNeox::extend(TokenTreeCache& cache, const std::vector<int32_t>& ids) const {
  const NewNodes nodes(cache, ids.size());
  const RotaryPositions::Turns turns = positions_.turns(nodes.depths, compute_.device);
  at::Tensor x = tokens_.weight_rows({ids.begin(), ids.end()});  // [N, C]
  int64_t layer = 0;
  for (const GptNeoxLayer& each : layers_) each.extend(x, nodes.numbers, turns, cache, layer++);
  return final_norm_(x);
}

}  // namespace kiloword
