#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "kiloword/model/image_text_encoder.h"
#include "kiloword/model/language_model.h"

namespace kiloword::cli {

/// One check of the self-test: what was measured, and whether it is as it should be.
struct CheckResult {
  std::string name;
  bool passed = false;
  std::string measured;
};

/// Runs `encoder` on a picture made by a formula and on texts. Where the model folder holds a reference.json,
/// the embeddings and cosines must be those that it states; else they must be finite and of unit length.
std::vector<CheckResult> self_test(ImageTextEncoder& encoder, const std::filesystem::path& model_folder);

/// Asks `model` what follows a text. Where the model folder holds a reference.json, the likeliest tokens and
/// their log-probabilities must be those that it states; else the probabilities must be finite and sum to 1.
std::vector<CheckResult> self_test(LanguageModel& model, const std::filesystem::path& model_folder);

}  // namespace kiloword::cli
