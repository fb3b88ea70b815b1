#pragma once

#include <filesystem>
#include <memory>

#include "kiloword/model/compute_options.h"
#include "kiloword/model/image_text_encoder.h"
#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword {

/// Loads a CLIP or SigLIP model: a folder in Hugging Face layout (config.json, weights, tokenizer files,
/// preprocessor_config.json) or OpenCLIP layout (open_clip_config.json), or a weight file with the other
/// files beside it; OpenAI's own (`ViT-B-32.pt`) need no configuration. Weights: any format of
/// Checkpoint::open. Throws Error(kModel); a single error lists every missing, unexpected and mis-shaped
/// tensor.
std::unique_ptr<ImageTextEncoder> load_image_text_encoder(const std::filesystem::path& model,
                                                          const ComputeOptions& options,
                                                          const TokenizerLoader& load = load_tokenizer);

}  // namespace kiloword
