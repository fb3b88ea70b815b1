#pragma once

#include <algorithm>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "cli/parser/option_groups.h"
#include "kiloword/base/option_field.h"

namespace kiloword::cli {

/// The command-line option for "top_k": "--top-k".
inline std::string option_name(std::string_view name) {
  std::string spelled = "--" + std::string(name);
  std::replace(spelled.begin(), spelled.end(), '_', '-');
  return spelled;
}

/// The words in "first|second".
std::vector<std::string> split_words(std::string_view words);

/// Adds the option for one entry of a table to `command`; its value is stored in `options`.
template <typename Options>
CLI::Option* add_field(CLI::App& command, Options& options, const OptionField<Options>& field) {
  const std::string name = option_name(field.name);
  const std::string help(field.help);
  return std::visit(
      [&](auto pointer) -> CLI::Option* {
        auto& value = options.*pointer;
        using Value = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, bool>) {
          return command.add_flag(name, value, help);
        } else {
          CLI::Option* option = command.add_option(name, value, help)->type_name(std::string(field.value));
          if constexpr (std::is_same_v<Value, std::vector<std::string>>) option->allow_extra_args(false);
          if (field.has_words()) option->transform(one_of(split_words(field.value)));
          constexpr bool is_whole = std::is_same_v<Value, int> || std::is_same_v<Value, std::optional<int>> ||
                                    std::is_same_v<Value, std::optional<size_t>>;
          if constexpr (is_whole) {
            option->check(CLI::Range(static_cast<int>(field.least), static_cast<int>(field.most)));
          } else if constexpr (std::is_same_v<Value, uint64_t>) {
            option->check(number_check<uint64_t>("a whole number from 0 to 18446744073709551615",
                                                 [](uint64_t /*any*/) { return true; }));
          } else if constexpr (std::is_same_v<Value, std::optional<double>>) {
            option->check(range_check(field.least, field.most));
          }
          constexpr bool is_number = std::is_same_v<Value, int> || std::is_same_v<Value, uint64_t>;
          const bool is_word = std::is_same_v<Value, std::string> && field.has_words();
          if (is_number || is_word) option->capture_default_str();
          return option;
        }
      },
      field.member);
}

/// Adds all options of a table except those named in `left_out`.
template <typename Options>
void add_table(CLI::App& command, Options& options, const OptionTable<Options>& table,
               const std::vector<std::string_view>& left_out = {}) {
  for (const OptionField<Options>& field : table) {
    if (std::find(left_out.begin(), left_out.end(), field.name) == left_out.end()) {
      add_field(command, options, field);
    }
  }
}

}  // namespace kiloword::cli
