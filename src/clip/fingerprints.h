#pragma once

#include <filesystem>
#include <string>

#include "clip/clip_encoder.h"
#include "clip/config.h"
#include "kiloword/checkpoint/checkpoint.h"
#include "kiloword/model/preprocess_spec.h"
#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword {

/// Identifies what text embeddings depend on: the tensors that are not the image tower's, the text tower's
/// settings, the tokenizer's files in `folder`, what is done to texts before, `precision`. 32 hexadecimal
/// digits.
std::string fingerprint_text(const Checkpoint& file, const ClipConfig& config, const TextFraming& framing,
                             const std::filesystem::path& folder, TextCleaning cleaning,
                             const std::string& precision);

/// Identifies what any embedding depends on: what `text_fingerprint` stands for (precision among it), the
/// image tower's tensors and settings, preprocessing. `network`: a file that holds nothing but a part of the
/// image tower, or nullptr. 32 hexadecimal digits.
std::string fingerprint_model(const std::string& text_fingerprint, const Checkpoint& file,
                              const Checkpoint* network, const VisionConfig& vision,
                              const PreprocessSpec& preprocess);

}  // namespace kiloword
