#include "kiloword/lm/model_info.h"

#include "kiloword/checkpoint/config_reader.h"
#include "lm/gpt2_config.h"
#include "lm/gpt_neox_config.h"
#include "lm/llama_config.h"
#include "lm/opt_config.h"

namespace kiloword {
namespace {

template <typename Config>
LanguageModelInfo info_of(const std::string& family, const Config& config) {
  return {family + ", " + std::to_string(config.layers) + " layers, width " + std::to_string(config.width) +
              ", vocabulary of " + std::to_string(config.vocab_size),
          config.context_length, config.vocab_size};
}

std::string family_name(const std::string& type) {
  return type == "qwen2" ? "Qwen2" : type == "qwen3" ? "Qwen3" : "Llama";
}

}  // namespace

std::string language_model_type(const std::filesystem::path& config_json) {
  return ConfigReader::open(config_json).text("model_type", "gpt2");
}

LanguageModelInfo read_language_model_info(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "config.json";
  const std::string type = language_model_type(file);
  if (type == "gpt_neox") return info_of("GPT-NeoX", read_gpt_neox_config(file));
  if (type == "opt") return info_of("OPT", read_opt_config(file));
  if (is_llama_family(type)) return info_of(family_name(type), read_llama_config(file));
  return info_of("GPT-2", read_gpt2_config(file));
}

}  // namespace kiloword
