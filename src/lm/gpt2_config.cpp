#include "lm/gpt2_config.h"

#include <optional>

#include "kiloword/checkpoint/config_reader.h"
#include "kiloword/nn/activation_names.h"
#include "lm/config_parts.h"

namespace kiloword {
namespace {

constexpr int64_t kMaxContext = 65536;

Activation read_activation(const ConfigReader& config) {
  const std::string name = config.text("activation_function", "gelu_new");
  if (const auto known = activation_of(name); known && *known != Activation::kQuickGelu) return *known;
  config.refuse("activation_function", "is \"" + name + "\", only gelu_new and gelu are supported");
}

/// Variants of attention that a few GPT-2 descendants switch on and that would change every result.
void refuse_variants(const ConfigReader& config) {
  if (!config.boolean("scale_attn_weights", true))
    config.refuse("scale_attn_weights", "is false, which is not supported");
  if (config.boolean("scale_attn_by_inverse_layer_idx", false)) {
    config.refuse("scale_attn_by_inverse_layer_idx", "is true, which is not supported");
  }
}

}  // namespace

Gpt2Config read_gpt2_config(const std::filesystem::path& path) {
  const ConfigReader reader = ConfigReader::open(path);
  const std::string type = reader.text("model_type", "gpt2");
  if (type != "gpt2")
    reader.refuse("model_type",
                  "is \"" + type + "\", only gpt2, gpt_neox, llama, opt, qwen2 and qwen3 are supported");
  refuse_variants(reader);
  Gpt2Config config;
  config.vocab_size = reader.integer("vocab_size", 1, kMaxVocabulary, config.vocab_size);
  const char* context = reader.has("n_positions") ? "n_positions" : "n_ctx";
  config.context_length = reader.integer(context, 2, kMaxContext, config.context_length);
  config.width = reader.integer("n_embd", 1, kMaxWidth, config.width);
  config.hidden = reader.integer("n_inner", 1, kMaxHidden, 4 * config.width);
  config.layers = reader.integer("n_layer", 1, kMaxLayers, config.layers);
  config.heads = reader.integer("n_head", 1, kMaxWidth, config.heads);
  require_whole_heads(reader, "n_head", config.heads, config.width);
  config.activation = read_activation(reader);
  config.norm_epsilon = reader.number("layer_norm_epsilon", 1e-12, 0.1, config.norm_epsilon);
  read_text_ends(reader, config.vocab_size, config.bos_id, config.eos_ids);
  config.tied = reader.boolean("tie_word_embeddings", true);
  return config;
}

}  // namespace kiloword
