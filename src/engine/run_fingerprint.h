#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "kiloword/base/hash.h"
#include "kiloword/base/option_field.h"
#include "kiloword/models/model_store.h"

namespace kiloword {

/// A fingerprint of the content of a model's files, 32 digits. Throws Error(kModel).
std::string files_fingerprint(const ModelEntry& model);

inline std::string option_text(const std::string& value) {
  return value;
}
inline std::string option_text(const std::vector<std::string>& values) {
  Fingerprint all;
  for (const std::string& value : values) all.add(value);
  return all.hex();
}
template <typename Number, typename = std::enable_if_t<std::is_arithmetic_v<Number>>>
std::string option_text(Number value) {
  return std::to_string(value);
}
template <typename Value>
std::string option_text(const std::optional<Value>& value) {
  return value ? "=" + option_text(*value) : "";
}

/// Adds the value of every option in `table`.
template <typename Options>
void add_options(Fingerprint& fingerprint, const Options& options, const OptionTable<Options>& table) {
  for (const OptionField<Options>& field : table) {
    std::visit([&](auto member) { fingerprint.add(field.name).add(option_text(options.*member)); },
               field.member);
  }
}

}  // namespace kiloword
