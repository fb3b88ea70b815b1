#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// The content of a model's `kiloword.json`.
struct ModelSettings {
  std::string description;  ///< one line, may be empty
  std::optional<std::vector<std::string>> default_labels;
  std::optional<std::string> prompt;
  std::string languages;  ///< of texts ("English"), may be empty
  std::string license;    ///< may be empty
  std::string take_for;   ///< see HubModel
};

/// Parses the content of the file `where`. Throws Error(kModel).
ModelSettings parse_model_settings(std::string_view content, const std::string& where);

}  // namespace kiloword
