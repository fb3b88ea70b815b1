#include "serve/small_json.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

constexpr int kMaxDepth = 16;
constexpr int kMaxValues = 10'000;
constexpr size_t kLongBytes = 4096;
constexpr size_t kMaxShortBytes = size_t{2} << 20U;
constexpr char kNameMark = '\0';  // begins the name of a long string, which is its number

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorKind::kUsage, what, "", "send one JSON object");
}

/// The length of the string at the start of `text`, behind its opening quote and up to its closing one.
size_t string_length(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') return i;
    if (text[i] == '\\') ++i;
  }
  refuse("the body is not valid JSON");
}

/// The character of the escape \uXXXX whose digits are at the start of `text`, where it is ASCII; else 0.
char escaped_ascii(std::string_view text) {
  unsigned code = 0;
  const char* end = text.data() + std::min<size_t>(text.size(), 4);
  const auto [stopped, failed] = std::from_chars(text.data(), end, code, 16);
  return failed == std::errc() && stopped == end && text.size() >= 4 && code < 0x80 ? static_cast<char>(code)
                                                                                    : '\0';
}

std::string unescaped(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  while (!text.empty()) {
    const size_t end = std::min(text.find('\\'), text.size());
    plain += text.substr(0, end);
    text.remove_prefix(end);
    if (text.size() < 2) break;
    const char kind = text[1];
    text.remove_prefix(2);
    char character = kind == '/' || kind == '"' || kind == '\\' ? kind : '\0';
    if (kind == 'n' || kind == 'r' || kind == 't') character = '\n';
    if (kind == 'u') {
      character = escaped_ascii(text);
      text.remove_prefix(std::min<size_t>(text.size(), 4));
    }
    if (character == '\0') refuse("an unexpected escape in a long string");
    plain += character;
  }
  return plain;
}

}  // namespace

SmallJson::SmallJson(std::string text) : text_(std::move(text)) {
  root_ = nlohmann::json::parse(without_long_strings(), nullptr, /*allow_exceptions=*/false);
  if (root_.is_discarded()) refuse("the body is not valid JSON");
  if (!root_.is_object()) refuse("the body is not a JSON object");
}

std::string SmallJson::without_long_strings() {
  const std::string_view text = text_;
  std::string rest;
  int depth = 0;
  int values = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (c == '[' || c == '{' || c == ',') ++values;
    if (depth > kMaxDepth) refuse("JSON nested too deep");
    if (values > kMaxValues) refuse("JSON with too many values");
    rest += c;
    if (c == '"') {
      const std::string_view string = text.substr(i + 1, string_length(text.substr(i + 1)));
      if (string.size() <= kLongBytes) {
        rest += string;
      } else {
        rest += "\\u0000" + std::to_string(long_strings_.size());
        long_strings_.push_back(string);
      }
      rest += '"';
      i += string.size() + 1;
    }
    if (rest.size() > kMaxShortBytes) refuse("JSON of more than 2 MiB beside its images");
  }
  return rest;
}

std::string SmallJson::text(const nlohmann::json& value) const {
  const auto& string = value.get_ref<const std::string&>();
  size_t number = long_strings_.size();
  if (!string.empty() && string.front() == kNameMark) {
    std::from_chars(string.data() + 1, string.data() + string.size(), number);
  }
  return number < long_strings_.size() ? unescaped(long_strings_[number]) : string;
}

}  // namespace kiloword
