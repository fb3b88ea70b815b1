#include "lm/gpt2.h"

#include <numeric>

#include "lm/network_parts.h"

namespace kiloword {
namespace {

constexpr const char* kHead = "lm_head.weight";

TransformerShape shape_of(const Gpt2Config& config) {
  TransformerShape shape;
  shape.layers = config.layers;
  shape.width = config.width;
  shape.heads = config.heads;
  shape.hidden = config.hidden;
  shape.activation = config.activation;
  shape.norm_epsilon = config.norm_epsilon;
  shape.causal = true;
  shape.rows = {};
  return shape;
}

std::vector<BlockNames> block_names(const std::string& prefix, int64_t layers) {
  std::vector<BlockNames> blocks;
  for (int64_t i = 0; i < layers; ++i) {
    const std::string layer = prefix + "h." + std::to_string(i) + ".";
    BlockNames names;
    names.norm_1 = layer + "ln_1";
    names.qkv_weights = {layer + "attn.c_attn.weight"};
    names.qkv_biases = {layer + "attn.c_attn.bias"};
    names.out = layer + "attn.c_proj";
    names.norm_2 = layer + "ln_2";
    names.hidden = layer + "mlp.c_fc";
    names.hidden_out = layer + "mlp.c_proj";
    names.transposed = true;
    blocks.push_back(std::move(names));
  }
  return blocks;
}

}  // namespace

std::string gpt2_prefix(const Checkpoint& file) {
  const std::string prefix = "transformer.";
  return file.find(prefix + "wte.weight") != nullptr ? prefix : "";
}

Gpt2::Gpt2(WeightLoader& loader, const Compute& compute, const Gpt2Config& config, const std::string& prefix)
    : compute_(compute),
      tokens_(loader, compute, token_spec(prefix + "wte.weight", config.vocab_size, config.width)),
      transformer_(loader, compute, shape_of(config), block_names(prefix, config.layers)),
      final_norm_(loader, compute, prefix + "ln_f", config.width, config.norm_epsilon) {
  loader.request(
      {{prefix + "wpe.weight", {config.context_length, config.width}}},
      [this](const std::vector<at::Tensor>& tensors) { positions_ = tensors[0].to(compute_.device); });
  head_ = std::make_unique<OutputLayer>(loader, compute, tokens_, config.tied, kHead, config.vocab_size,
                                        config.width);
  for (int64_t i = 0; i < config.layers; ++i) {  // the causal mask, which early files carry along
    const std::string attention = prefix + "h." + std::to_string(i) + ".attn.";
    loader.ignore(attention + "bias");
    loader.ignore(attention + "masked_bias");
  }
}

at::Tensor Gpt2::extend(TokenTreeCache& cache, const std::vector<int32_t>& ids) const {
  const NewNodes nodes(cache, ids.size());
  const at::Tensor positions = at::tensor(nodes.depths, at::kLong).to(compute_.device);
  const at::Tensor x =
      tokens_.weight_rows({ids.begin(), ids.end()}) + positions_.index_select(0, positions);  // [N, C]
  std::vector<int64_t> all(ids.size());
  std::iota(all.begin(), all.end(), int64_t{0});
  return final_norm_(transformer_.extend(x, cache, all));
}

}  // namespace kiloword
