#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace kiloword {

/// The properties of a language model according to its configuration; weights are not read.
struct LanguageModelInfo {
  std::string network;         ///< "GPT-2, 12 layers, width 768, vocabulary of 50257"
  int64_t context_length = 0;  ///< maximum tokens of a text
  int64_t vocab_size = 0;      ///< V: token ids are 0 .. V - 1
};

/// The `model_type` in `config_json`; "gpt2" if it has none. Throws Error(kModel).
std::string language_model_type(const std::filesystem::path& config_json);

/// Reads the `config.json` in a model folder. Throws Error(kModel).
LanguageModelInfo read_language_model_info(const std::filesystem::path& folder);

}  // namespace kiloword
