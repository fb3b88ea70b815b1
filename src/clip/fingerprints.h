#pragma once

#include <filesystem>
#include <string>

#include "clip/clip_encoder.h"
#include "clip/config.h"
#include "kiloword/checkpoint/checkpoint.h"
#include "kiloword/model/preprocess_spec.h"
#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword {

/// Identifies everything that text embeddings depend on: all tensors except the image tower's, the text
/// tower's settings, the tokenizer files in `folder`, `cleaning` and `precision`. 32 hexadecimal digits.
std::string fingerprint_text(const Checkpoint& file, const ClipConfig& config, const TextFraming& framing,
                             const std::filesystem::path& folder, TextCleaning cleaning,
                             const std::string& precision);

/// Identifies everything that embeddings depend on: `text_fingerprint` (which covers the precision), the
/// image tower's tensors and settings, preprocessing. `network`: a file that contains only a part of the
/// image tower, or nullptr. 32 hexadecimal digits.
std::string fingerprint_model(const std::string& text_fingerprint, const Checkpoint& file,
                              const Checkpoint* network, const VisionConfig& vision,
                              const PreprocessSpec& preprocess);

}  // namespace kiloword
