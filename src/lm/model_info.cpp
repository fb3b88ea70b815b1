#include "kiloword/lm/model_info.h"

#include "lm/gpt2_config.h"

namespace kiloword {

LanguageModelInfo read_language_model_info(const std::filesystem::path& folder) {
  const Gpt2Config config = read_gpt2_config(folder / "config.json");
  return {"GPT-2, " + std::to_string(config.layers) + " layers, width " + std::to_string(config.width) +
              ", vocabulary of " + std::to_string(config.vocab_size),
          config.context_length};
}

}  // namespace kiloword
