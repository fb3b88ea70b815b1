#include "kiloword/base/option_field.h"

#include <charconv>
#include <system_error>

#include "kiloword/base/error.h"
#include "kiloword/base/utf8.h"

namespace kiloword {
namespace {

constexpr const char* kRemedy = "change it";

[[noreturn]] void refuse(const std::string& what, std::string_view name, const std::string& remedy) {
  throw Error(ErrorKind::kUsage, what, std::string(name), remedy);
}

template <typename Number>
std::optional<Number> parsed(std::string_view text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [stopped, failed] = std::from_chars(text.data(), end, number);
  if (failed != std::errc() || stopped != end) return std::nullopt;
  return number;
}

std::string trimmed_number(double number) {
  std::string text = std::to_string(number);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

int64_t whole_number_option(std::string_view name, std::string_view text, double least, double most) {
  const auto number = parsed<int64_t>(text);
  const bool fits = number && *number >= static_cast<int64_t>(least) && *number <= static_cast<int64_t>(most);
  if (!fits) {
    refuse("not a whole number from " + trimmed_number(least) + " to " + trimmed_number(most), name, kRemedy);
  }
  return *number;
}

uint64_t seed_option(std::string_view name, std::string_view text) {
  const auto number = parsed<uint64_t>(text);
  if (!number) refuse("not a whole number of 0 or more", name, kRemedy);
  return *number;
}

double number_option(std::string_view name, std::string_view text, double least, double most) {
  const auto number = parsed<double>(text);
  if (!number || !(*number >= least && *number <= most)) {
    refuse("not a number from " + trimmed_number(least) + " to " + trimmed_number(most), name, kRemedy);
  }
  return *number;
}

std::string word_option(std::string_view name, std::string_view text, std::string_view words) {
  std::string choices;
  for (std::string_view rest = words; !rest.empty();) {
    const std::string_view word = rest.substr(0, rest.find('|'));
    if (word == text) return std::string(word);
    choices += (choices.empty() ? "" : ", ") + std::string(word);
    rest.remove_prefix(word.size() == rest.size() ? word.size() : word.size() + 1);
  }
  refuse("unknown value \"" + printable(text.substr(0, 60)) + "\"", name, "use one of " + choices);
}

bool flag_option(std::string_view name, std::string_view text) {
  if (text.empty()) return true;  // only named
  const std::string word = word_option(name, text, "true|false|1|0");
  return word == "true" || word == "1";
}

}  // namespace kiloword
