#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "kiloword/model/image_text_encoder.h"
#include "kiloword/model/language_model.h"

namespace kiloword::cli {

/// One check of the self-test: the measured value, and whether it is as expected.
struct CheckResult {
  std::string name;
  bool passed = false;
  std::string measured;
};

/// Runs `encoder` on a synthetic image and on texts. If the model folder has a reference.json, the cosines
/// must match it; in any case, embeddings must be finite and of unit length.
std::vector<CheckResult> self_test(ImageTextEncoder& encoder, const std::filesystem::path& model_folder);

/// Checks next-token predictions of `model`: probabilities must sum to 1 and, if the model folder has a
/// reference.json, the most likely tokens and their log-probabilities must match it.
std::vector<CheckResult> self_test(LanguageModel& model, const std::filesystem::path& model_folder);

}  // namespace kiloword::cli
