#include "lm/opt_config.h"

#include <string>

#include "kiloword/checkpoint/config_reader.h"

namespace kiloword {
namespace {

// Far above every published model, low enough that nothing computed from them overflows.
constexpr int64_t kMaxWidth = 65536;
constexpr int64_t kMaxHidden = 262144;
constexpr int64_t kMaxLayers = 512;
constexpr int64_t kMaxVocabulary = 4'000'000;
constexpr int64_t kMaxContext = 65536;

Activation read_activation(const ConfigReader& reader) {
  const std::string name = reader.text("activation_function", "relu");
  if (name == "relu") return Activation::kRelu;
  if (name == "gelu") return Activation::kGelu;
  reader.refuse("activation_function", "is \"" + name + "\", only relu and gelu are supported");
}

}  // namespace

OptConfig read_opt_config(const std::filesystem::path& path) {
  const ConfigReader reader = ConfigReader::open(path);
  const std::string type = reader.text("model_type", "opt");
  if (type != "opt") reader.refuse("model_type", "is \"" + type + "\", only opt is of this family");
  if (!reader.boolean("layer_norm_elementwise_affine", true))
    reader.refuse("layer_norm_elementwise_affine", "is false, which is not supported");
  OptConfig config;
  config.vocab_size = reader.integer("vocab_size", 1, kMaxVocabulary, config.vocab_size);
  config.context_length = reader.integer("max_position_embeddings", 2, kMaxContext, config.context_length);
  config.width = reader.integer("hidden_size", 1, kMaxWidth, config.width);
  config.token_width = reader.integer("word_embed_proj_dim", 1, kMaxWidth, config.width);
  config.hidden = reader.integer("ffn_dim", 1, kMaxHidden, config.hidden);
  config.layers = reader.integer("num_hidden_layers", 1, kMaxLayers, config.layers);
  config.heads = reader.integer("num_attention_heads", 1, kMaxWidth, config.heads);
  if (config.width % config.heads != 0) {
    reader.fail("num_attention_heads", "is " + std::to_string(config.heads) +
                                           ", which does not divide the width " +
                                           std::to_string(config.width));
  }
  config.activation = read_activation(reader);
  config.norms_first = reader.boolean("do_layer_norm_before", config.norms_first);
  config.final_norm = config.norms_first && !reader.boolean("_remove_final_layer_norm", false);
  config.bias = reader.boolean("enable_bias", config.bias);
  config.tied = reader.boolean("tie_word_embeddings", config.tied);
  config.bos_id = static_cast<int32_t>(reader.integer("bos_token_id", 0, config.vocab_size - 1, -1));
  for (const int64_t id : reader.one_or_more("eos_token_id", 0, config.vocab_size - 1))
    config.eos_ids.push_back(static_cast<int32_t>(id));
  return config;
}

}  // namespace kiloword
