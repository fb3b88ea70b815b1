#include "lm/opt_config.h"

#include <string>

#include "kiloword/checkpoint/config_reader.h"
#include "lm/config_parts.h"

namespace kiloword {
namespace {

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
  require_whole_heads(reader, "num_attention_heads", config.heads, config.width);
  config.activation = read_activation(reader);
  config.norms_first = reader.boolean("do_layer_norm_before", config.norms_first);
  config.final_norm = config.norms_first && !reader.boolean("_remove_final_layer_norm", false);
  config.bias = reader.boolean("enable_bias", config.bias);
  config.tied = reader.boolean("tie_word_embeddings", config.tied);
  read_text_ends(reader, config.vocab_size, config.bos_id, config.eos_ids);
  return config;
}

}  // namespace kiloword
