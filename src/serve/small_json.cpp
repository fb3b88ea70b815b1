#include "serve/small_json.h"

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

constexpr int kMaxDepth = 16;
constexpr int kMaxValues = 10'000;

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorKind::kUsage, what, "", "send one JSON object");
}

void count_values(std::string_view text) {
  int depth = 0;
  int values = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        in_string = false;
      }
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (c == '[' || c == '{' || c == ',') ++values;
    if (depth > kMaxDepth) refuse("JSON nested too deep");
    if (values > kMaxValues) refuse("JSON with too many values");
  }
}

}  // namespace

nlohmann::json parse_json_object(std::string_view text) {
  count_values(text);
  nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) refuse("the body is not valid JSON");
  if (!json.is_object()) refuse("the body is not a JSON object");
  return json;
}

}  // namespace kiloword
