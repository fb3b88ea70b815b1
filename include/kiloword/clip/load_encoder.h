#pragma once

#include <filesystem>
#include <memory>

#include "kiloword/model/compute_options.h"
#include "kiloword/model/image_text_encoder.h"
#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword {

/// Loads a CLIP or SigLIP model: a folder in Hugging Face's layout (config.json, weights, tokenizer files,
/// preprocessor_config.json) or OpenCLIP's (open_clip_config.json), or one file of weights with the others
/// beside it, of which OpenAI's own (`ViT-B-32.pt`) need no configuration. Weights are what Checkpoint opens.
/// Throws Error(kModel); one error lists every missing, unexpected and mis-shaped tensor.
std::unique_ptr<ImageTextEncoder> load_image_text_encoder(const std::filesystem::path& model,
                                                          const ComputeOptions& options,
                                                          const TokenizerLoader& load = load_tokenizer);

}  // namespace kiloword
