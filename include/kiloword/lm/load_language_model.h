#pragma once

#include <filesystem>
#include <memory>

#include "kiloword/model/compute_options.h"
#include "kiloword/model/language_model.h"
#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword {

/// Loads the folder of a GPT-2, an OPT or of a model of the GPT-NeoX family (Pythia) or the Llama family
/// (Llama, Qwen2, Qwen3) in Hugging Face layout (config.json, model.safetensors, tokenizer files). Throws
/// Error(kModel); one error lists every missing, unexpected and mis-shaped tensor.
std::unique_ptr<LanguageModel> load_language_model(const std::filesystem::path& folder,
                                                   const ComputeOptions& options,
                                                   const TokenizerLoader& load = load_tokenizer);

}  // namespace kiloword
