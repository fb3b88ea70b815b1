#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace kiloword {

/// The properties in a language model's configuration; no weights are read.
struct LanguageModelInfo {
  std::string network;         ///< "GPT-2, 12 layers, width 768, vocabulary of 50257"
  int64_t context_length = 0;  ///< tokens a text may have
  int64_t vocab_size = 0;      ///< V: token ids are 0 .. V - 1
};

/// The `model_type` that the file `config_json` states; "gpt2" where it states none. Throws Error(kModel).
std::string language_model_type(const std::filesystem::path& config_json);

/// Reads `config.json` of a model folder. Throws Error(kModel).
LanguageModelInfo read_language_model_info(const std::filesystem::path& folder);

}  // namespace kiloword
