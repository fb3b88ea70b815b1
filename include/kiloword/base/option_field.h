#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace kiloword {

/// The whole number in `text`, from `least` to `most`. Throws Error(kUsage) at `name` for anything else.
int64_t whole_number_option(std::string_view name, std::string_view text, double least, double most);
/// The same for an unsigned 64-bit number of any size.
uint64_t seed_option(std::string_view name, std::string_view text);
/// The same for a floating-point number.
double number_option(std::string_view name, std::string_view text, double least, double most);
/// `text`, which must be one of the words in "first|second|...".
std::string word_option(std::string_view name, std::string_view text, std::string_view words);
/// "true", "1" and "" are true, "false" and "0" are false. Throws Error(kUsage) at `name` for anything else.
bool flag_option(std::string_view name, std::string_view text);

/// One option of `Options` as users see it: `--top-k` on the command line, `top_k` in requests, in C and in
/// Python. Each option is one line of a table; command line, server, client and library use the tables.
template <typename Options>
struct OptionField {
  using Member = std::variant<bool Options::*, int Options::*, uint64_t Options::*, std::string Options::*,
                              std::vector<std::string> Options::*, std::optional<int> Options::*,
                              std::optional<size_t> Options::*, std::optional<double> Options::*,
                              std::optional<std::string> Options::*>;

  std::string_view name;   ///< with underscores: "top_k"
  Member member;           ///< a list collects all given values
  std::string_view value;  ///< its value's name in help ("K"), or the allowed words: "off|flag|drop"
  std::string_view help;
  double least = 0;  ///< of a number
  double most = 0;

  bool has_words() const { return value.find('|') != std::string_view::npos && !is_list(); }
  bool is_list() const { return std::holds_alternative<std::vector<std::string> Options::*>(member); }

  /// Sets the option to the value in `text`; a list gets one more value. `cap`: the maximum of a number, if
  /// less than `most`. Throws Error(kUsage).
  /// (Not inlined: GCC 12 would then take members to lie outside the object.)
  [[gnu::noinline]] void set(Options& options, std::string_view text,
                             std::optional<double> cap = std::nullopt) const {
    const double top = cap && *cap < most ? *cap : most;
    std::visit([&](auto pointer) { assign(options.*pointer, text, top); }, member);
  }

 private:
  void assign(bool& flag, std::string_view text, double /*top*/) const { flag = flag_option(name, text); }
  void assign(int& number, std::string_view text, double top) const {
    number = static_cast<int>(whole_number_option(name, text, least, top));
  }
  void assign(uint64_t& seed, std::string_view text, double /*top*/) const { seed = seed_option(name, text); }
  void assign(std::string& word, std::string_view text, double /*top*/) const {
    word = has_words() ? word_option(name, text, value) : std::string(text);
  }
  void assign(std::vector<std::string>& list, std::string_view text, double /*top*/) const {
    list.emplace_back(text);
  }
  void assign(std::optional<double>& number, std::string_view text, double top) const {
    number = number_option(name, text, least, top);
  }
  template <typename Value>
  void assign(std::optional<Value>& given, std::string_view text, double top) const {
    if constexpr (std::is_integral_v<Value>) {
      given = static_cast<Value>(whole_number_option(name, text, least, top));
    } else {
      assign(given.emplace(), text, top);
    }
  }
};

/// The options of one kind, in the order in which help lists them.
template <typename Options>
using OptionTable = std::vector<OptionField<Options>>;

}  // namespace kiloword
