#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "kiloword/model/compute_options.h"
#include "kiloword/model/image_text_encoder.h"
#include "kiloword/model/language_model.h"

namespace kiloword::bench {

/// The networks of model folders, with a NumberTokenizer instead of their own.
std::unique_ptr<ImageTextEncoder> load_encoder(const std::filesystem::path& model,
                                               const ComputeOptions& options);
std::unique_ptr<LanguageModel> load_lm(const std::filesystem::path& folder, const ComputeOptions& options);

/// Pictures [3, H, W] behind one another.
struct Pictures {
  std::vector<float> pixels;
  std::vector<PictureSize> sizes;
};

/// `count` pictures as `preprocess` asks for, of soft patterns that differ in colour, place and size.
Pictures patterns(int64_t count, const PreprocessSpec& preprocess);

/// `count` texts of unlike lengths, up to `most` tokens.
std::vector<std::string> number_texts(int64_t count, int most);

/// What a network gives for some inputs: a row for each.
struct NamedRows {
  std::string name;
  Embeddings rows;
};

/// Images (more than one call takes), texts of many lengths, texts that grow on several branches; with a word
/// head its probabilities, with a caption decoder its logits for texts that grow.
std::vector<NamedRows> results_of(ImageTextEncoder& encoder);

/// Hidden states and log-probabilities (less their mean, which would hide all else) of texts that branch.
std::vector<NamedRows> results_of(LanguageModel& model);

}  // namespace kiloword::bench
