#include "lm/llama_config.h"

#include <array>
#include <string>
#include <string_view>

#include "kiloword/checkpoint/config_reader.h"
#include "lm/config_parts.h"

namespace kiloword {
namespace {

constexpr int64_t kMaxHeads = 1024;
constexpr int64_t kMaxHeadDim = 1024;
constexpr int64_t kMaxContext = int64_t{1} << 24;

constexpr std::array<std::string_view, 3> kFamily{"llama", "qwen2", "qwen3"};

LlamaConfig defaults_of(std::string_view type) {
  LlamaConfig config;
  if (type == "llama") {
    config.vocab_size = 32000;
    config.context_length = 2048;
    config.hidden = 11008;
  } else {
    config.vocab_size = 151936;
    config.context_length = 32768;
    config.hidden = 22016;
  }
  config.width = 4096;
  config.layers = 32;
  config.heads = 32;
  return config;
}

void read_heads(const ConfigReader& reader, std::string_view type, LlamaConfig& config) {
  config.heads = reader.integer("num_attention_heads", 1, kMaxHeads, config.heads);
  const int64_t key_heads = type == "llama" ? config.heads : 32;
  config.key_heads = reader.integer("num_key_value_heads", 1, kMaxHeads, key_heads);
  if (config.heads % config.key_heads != 0) {
    reader.fail("num_key_value_heads", "is " + std::to_string(config.key_heads) +
                                           ", which does not divide the " + std::to_string(config.heads) +
                                           " heads");
  }
  if (!reader.has("head_dim") && type != "qwen3")
    require_whole_heads(reader, "num_attention_heads", config.heads, config.width);
  const int64_t head_dim = type == "qwen3" ? 128 : config.width / config.heads;
  config.head_dim = reader.integer("head_dim", 2, kMaxHeadDim, head_dim);
  if (config.head_dim % 2 != 0) reader.fail("head_dim", "is odd, rotary positions turn pairs");
}

/// What would change every result, or every result of longer texts.
void refuse_variants(const ConfigReader& reader) {
  const std::string activation = reader.text("hidden_act", "silu");
  if (activation != "silu") reader.refuse("hidden_act", "is \"" + activation + "\", only silu is supported");
  if (reader.boolean("use_sliding_window", false))
    reader.refuse("use_sliding_window", "is true, which is not supported");
}

void read_biases(const ConfigReader& reader, std::string_view type, LlamaConfig& config) {
  if (type == "qwen2") {
    config.qkv_bias = true;
    return;
  }
  config.qkv_bias = config.out_bias = reader.boolean("attention_bias", false);
  if (type == "llama") config.hidden_bias = reader.boolean("mlp_bias", false);
}

}  // namespace

bool is_llama_family(const std::string& type) {
  for (const std::string_view known : kFamily) {
    if (type == known) return true;
  }
  return false;
}

LlamaConfig read_llama_config(const std::filesystem::path& path) {
  const ConfigReader reader = ConfigReader::open(path);
  const std::string type = reader.text("model_type", "llama");
  if (!is_llama_family(type))
    reader.refuse("model_type", "is \"" + type + "\", only llama, qwen2 and qwen3 are of this family");
  refuse_variants(reader);
  LlamaConfig config = defaults_of(type);
  config.vocab_size = reader.integer("vocab_size", 1, kMaxVocabulary, config.vocab_size);
  config.context_length = reader.integer("max_position_embeddings", 2, kMaxContext, config.context_length);
  config.width = reader.integer("hidden_size", 1, kMaxWidth, config.width);
  config.hidden = reader.integer("intermediate_size", 1, kMaxHidden, config.hidden);
  config.layers = reader.integer("num_hidden_layers", 1, kMaxLayers, config.layers);
  read_heads(reader, type, config);
  config.norm_epsilon = reader.number("rms_norm_eps", 1e-12, 0.1, config.norm_epsilon);
  config.rotary = read_rotary_shape(reader, {"rope_theta", nullptr, 1}, config.head_dim);
  read_biases(reader, type, config);
  config.head_norms = type == "qwen3";
  config.tied = reader.boolean("tie_word_embeddings", false);
  read_text_ends(reader, config.vocab_size, config.bos_id, config.eos_ids);
  return config;
}

}  // namespace kiloword
