#pragma once

#include <functional>
#include <string>
#include <vector>

#include "kiloword/models/model_store.h"
#include "kiloword/models/registry.h"

namespace kiloword {

enum class FileVerdict {
  kRight,    ///< the content has the checksum that it should have
  kWrong,    ///< it has not
  kMissing,  ///< a file that the model needs is not there, or its link leads nowhere
  kUnknown,  ///< no checksum is known of it
};

/// What was found out about a file of a model.
struct FileCheck {
  std::string name;
  FileVerdict verdict = FileVerdict::kUnknown;
  std::string detail;  ///< where it is wrong: found and expected values
};

/// Compares every file of `model` with the checksum that the registry has of it, else with the one that the
/// file's name in the Hugging Face cache is. `known`: what the registry knows of the model, or nullptr.
/// `next` is called with each file's name before it is read. Throws Error(kModel) when a file cannot be read.
std::vector<FileCheck> verify_model(const ModelEntry& model, const HubModel* known,
                                    const std::function<void(const std::string& file)>& next);

}  // namespace kiloword
