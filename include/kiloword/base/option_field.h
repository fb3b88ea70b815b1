#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace kiloword {

/// The whole number from `least` to `most` that `text` states. Throws Error(kUsage) at `name` for others.
int64_t whole_number_option(std::string_view name, std::string_view text, double least, double most);
/// The same for 64 bits without a sign, of any size.
uint64_t seed_option(std::string_view name, std::string_view text);
/// The same for any number.
double number_option(std::string_view name, std::string_view text, double least, double most);
/// `text`, which must be one of the words in "first|second|...".
std::string word_option(std::string_view name, std::string_view text, std::string_view words);
/// "true", "1" and "" are true, "false" and "0" are not.
bool flag_option(std::string_view name, std::string_view text);

/// One option of `Options` as users meet it: `--top-k` on the command line, `top_k` in a request, in C and in
/// Python. Each option is one line of a table; command line, server, client and library use the tables.
template <typename Options>
struct OptionField {
  using Member = std::variant<bool Options::*, int Options::*, uint64_t Options::*, std::string Options::*,
                              std::vector<std::string> Options::*, std::optional<int> Options::*,
                              std::optional<size_t> Options::*, std::optional<double> Options::*,
                              std::optional<std::string> Options::*>;

  std::string_view name;   ///< with underscores: "top_k"
  Member member;           ///< a list takes each value that is given
  std::string_view value;  ///< its value's name in help ("K"), or the allowed words: "off|flag|drop"
  std::string_view help;
  double least = 0;  ///< of a number
  double most = 0;

  bool has_words() const { return value.find('|') != std::string_view::npos && !is_list(); }
  bool is_list() const { return std::holds_alternative<std::vector<std::string> Options::*>(member); }

  /// Gives the option the value that `text` states; a list gets one more. `cap`: the most for a number, where
  /// that is less than `most`. Throws Error(kUsage).
  /// (GCC 12 takes members for outside of the object where this is inlined.)
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
