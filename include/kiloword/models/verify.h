#pragma once

#include <functional>
#include <string>
#include <vector>

#include "kiloword/models/model_store.h"
#include "kiloword/models/registry.h"

namespace kiloword {

enum class FileVerdict {
  kRight,    ///< the checksum matches
  kWrong,    ///< the checksum or size does not match
  kMissing,  ///< a required file is missing, or its link is dangling
  kUnknown,  ///< the expected checksum is unknown
};

/// The result of checking one file of a model.
struct FileCheck {
  std::string name;
  FileVerdict verdict = FileVerdict::kUnknown;
  std::string detail;  ///< if it does not match: found and expected values
};

/// Compares every file of `model` with its checksum in the registry or, failing that, the checksum that names
/// its blob in the Hugging Face cache. `known`: the model's registry entry, or nullptr. Calls `next` with
/// each file's name before reading it. Throws Error(kModel) if a file cannot be read.
std::vector<FileCheck> verify_model(const ModelEntry& model, const HubModel* known,
                                    const std::function<void(const std::string& file)>& next);

}  // namespace kiloword
