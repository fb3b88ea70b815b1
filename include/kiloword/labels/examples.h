#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/labels/label_set.h"

namespace kiloword {

/// Larger example files are rejected.
constexpr uint64_t kMaxExampleBytes = 256U << 20U;
/// Number of background images, arbitrary images that examples are compared with.
constexpr size_t kMinBackgroundPictures = 20;
constexpr size_t kMaxBackgroundPictures = 1'024;
/// Maximum number of images per label, and of labels per file.
constexpr size_t kMaxExamplePictures = 1'000;
constexpr size_t kMaxExampleLabels = 10'000;

/// A label with images that show it, as unit image embeddings.
struct LabelExamples {
  std::string label;
  std::vector<std::vector<float>> pictures;  // [n, D], n at least 1, without duplicates
};

/// Few-shot labels of one set under one model, with background images that show none of them.
struct SetExamples {
  std::string model;              ///< its name, for people
  std::string set;                ///< likewise
  std::string model_fingerprint;  ///< ImageTextEncoder::fingerprint(); they apply only to this model
  size_t dim = 0;                 ///< D
  std::vector<std::vector<float>> background;  // [kMinBackgroundPictures..kMaxBackgroundPictures, D]
  std::vector<LabelExamples> labels;           ///< each label once
};

/// Whether `name`, without options, is a valid label of a label file.
bool is_label_name(const std::string& name);

/// Adds `picture` [D] to the examples of `label`; false if it is a duplicate. Throws Error(kUsage) past
/// kMaxExamplePictures or kMaxExampleLabels.
bool add_example(SetExamples& examples, const std::string& label, const std::vector<float>& picture);

/// `values` rounded like in example files, to six decimals, so that stored and new values compare equal.
std::vector<float> stored_embedding(const float* values, size_t dim);

/// Appends to `set` the labels that only `examples` have.
void add_example_labels(LabelSet& set, const SetExamples& examples);

/// A fingerprint of `examples`, 32 hexadecimal digits.
std::string examples_fingerprint(const SetExamples& examples);

/// The file's content: JSON with one image per line.
std::string examples_json(const SetExamples& examples);

/// Parses and validates the output of examples_json(). `path` is shown in errors. Throws Error(kLabels).
SetExamples parse_examples(std::string_view content, const std::filesystem::path& path);

}  // namespace kiloword
