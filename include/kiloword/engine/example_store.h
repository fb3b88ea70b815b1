#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "kiloword/base/descriptor.h"
#include "kiloword/labels/catalog.h"
#include "kiloword/labels/examples.h"

namespace kiloword {

/// Loads the set called `name` from its file. Throws Error(kUsage) for a group.
LabelSet load_named_set(const std::string& name);

/// Where the examples of `set` are kept, one file for each model: a folder of the user's data folder for the
/// installed set of that name, or for the label file at that place. Empty without a data folder.
std::filesystem::path examples_folder(const LabelSet& set);

/// The file in `folder` for the model of that ImageTextEncoder::fingerprint().
std::filesystem::path examples_file(const std::filesystem::path& folder,
                                    const std::string& model_fingerprint);

/// The files in `folder`, sorted.
std::vector<std::filesystem::path> example_files(const std::filesystem::path& folder);

/// The examples in `file`; none if it does not exist. Throws Error(kLabels) for a corrupt file, since the
/// meaning of labels must not change silently.
std::optional<SetExamples> read_examples(const std::filesystem::path& file);

/// Writes `examples`; without labels the file is removed. Throws Error(kOutput).
void write_examples(const std::filesystem::path& file, const SetExamples& examples);

/// Creates `folder` and locks it against changes by other processes, waiting for the lock; the result holds
/// it. Throws Error(kOutput).
Descriptor lock_examples(const std::filesystem::path& folder);

}  // namespace kiloword
