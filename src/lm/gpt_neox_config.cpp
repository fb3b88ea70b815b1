#include "lm/gpt_neox_config.h"

#include <string>

#include "kiloword/checkpoint/config_reader.h"
#include "kiloword/nn/activation_names.h"
#include "lm/config_parts.h"

namespace kiloword {
namespace {

constexpr int64_t kMaxContext = int64_t{1} << 24;

Activation read_activation(const ConfigReader& reader) {
  const std::string name = reader.text("hidden_act", "gelu");
  if (const auto known = activation_of(name); known && *known != Activation::kQuickGelu) return *known;
  reader.refuse("hidden_act", "is \"" + name + "\", only gelu, gelu_new and gelu_fast are supported");
}

}  // namespace

GptNeoxConfig read_gpt_neox_config(const std::filesystem::path& path) {
  const ConfigReader reader = ConfigReader::open(path);
  const std::string type = reader.text("model_type", "gpt_neox");
  if (type != "gpt_neox") reader.refuse("model_type", "is \"" + type + "\", only gpt_neox is of this family");
  GptNeoxConfig config;
  config.vocab_size = reader.integer("vocab_size", 1, kMaxVocabulary, config.vocab_size);
  config.context_length = reader.integer("max_position_embeddings", 2, kMaxContext, config.context_length);
  config.width = reader.integer("hidden_size", 1, kMaxWidth, config.width);
  config.hidden = reader.integer("intermediate_size", 1, kMaxHidden, config.hidden);
  config.layers = reader.integer("num_hidden_layers", 1, kMaxLayers, config.layers);
  config.heads = reader.integer("num_attention_heads", 1, kMaxWidth, config.heads);
  require_whole_heads(reader, "num_attention_heads", config.heads, config.width);
  config.activation = read_activation(reader);
  config.norm_epsilon = reader.number("layer_norm_eps", 1e-12, 0.1, config.norm_epsilon);
  config.rotary =
      read_rotary_shape(reader, {"rotary_emb_base", "rotary_pct", 0.25}, config.width / config.heads);
  config.parallel = reader.boolean("use_parallel_residual", config.parallel);
  config.attention_bias = reader.boolean("attention_bias", config.attention_bias);
  config.tied = reader.boolean("tie_word_embeddings", config.tied);
  read_text_ends(reader, config.vocab_size, config.bos_id, config.eos_ids);
  return config;
}

}  // namespace kiloword
