#include "models/model_settings.h"

#include <nlohmann/json.hpp>

#include "kiloword/base/error.h"
#include "kiloword/base/utf8.h"

namespace kiloword {

ModelSettings parse_model_settings(std::string_view content, const std::string& where) {
  const auto json = nlohmann::json::parse(content, nullptr, /*allow_exceptions=*/false);
  const Error ill_formed(ErrorKind::kModel, "ill-formed model settings", where,
                         "it must be a JSON object with \"default_labels\" (list of texts), \"description\", "
                         "\"prompt\", \"languages\", \"license\" and \"take_for\" (texts)");
  if (!json.is_object()) throw ill_formed;
  const auto text = [&](const char* key) -> std::optional<std::string> {
    const auto found = json.find(key);
    if (found == json.end()) return std::nullopt;
    if (!found->is_string()) throw ill_formed;
    return found->get<std::string>();
  };
  ModelSettings settings;
  settings.description = printable(text("description").value_or(""));
  settings.prompt = text("prompt");
  settings.languages = printable(text("languages").value_or(""));
  settings.license = printable(text("license").value_or(""));
  settings.take_for = printable(text("take_for").value_or(""));
  const auto labels = json.find("default_labels");
  if (labels == json.end()) return settings;
  if (!labels->is_array()) throw ill_formed;
  settings.default_labels.emplace();
  for (const auto& name : *labels) {
    if (!name.is_string()) throw ill_formed;
    settings.default_labels->push_back(name.get<std::string>());
  }
  return settings;
}

}  // namespace kiloword
