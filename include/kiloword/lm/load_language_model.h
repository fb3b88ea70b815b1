#pragma once

#include <filesystem>
#include <memory>

#include "kiloword/model/compute_options.h"
#include "kiloword/model/language_model.h"
#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword {

/// Loads a GPT-2, OPT, GPT-NeoX (Pythia) or Llama-family (Llama, Qwen2, Qwen3) model from a folder in Hugging
/// Face layout (config.json, weights, tokenizer files). Throws Error(kModel); a single error lists every
/// missing, unexpected and mis-shaped tensor.
std::unique_ptr<LanguageModel> load_language_model(const std::filesystem::path& folder,
                                                   const ComputeOptions& options,
                                                   const TokenizerLoader& load = load_tokenizer);

}  // namespace kiloword
