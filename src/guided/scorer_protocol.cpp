#include "guided/scorer_protocol.h"

#include <nlohmann/json.hpp>

#include "kiloword/base/error.h"
#include "kiloword/base/suggestion.h"

namespace kiloword {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kMaxDepth = 16;  // a value nested a million deep would take a hundred times its text in memory
constexpr const char* kRemedy = "it must answer a line like {\"scores\":[0.3,0.1]}, one number per text";

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorKind::kModel, "scorer " + what, "", kRemedy);
}

/// What some JSON writers make of numbers that JSON has not.
bool names_no_number(std::string_view line) {
  return line.find("NaN") != std::string_view::npos || line.find("Infinity") != std::string_view::npos;
}

Json parse(std::string_view line) {
  const auto limit_depth = [](int depth, Json::parse_event_t, Json&) {
    if (depth > kMaxDepth) refuse("answered with JSON nested too deep");
    return true;
  };
  try {
    return Json::parse(line, limit_depth);
  } catch (const Json::out_of_range&) {
    refuse("responded with a number that is too large");
  } catch (const Json::exception&) {
    if (names_no_number(line)) refuse("answered with NaN or Infinity");
    refuse("responded with something other than JSON: " + quote(line));
  }
}

}  // namespace

std::string scorer_request(const std::string& path, const std::vector<std::string>& texts) {
  const Json request{{"path", path}, {"texts", texts}};
  return request.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::vector<double> parse_scorer_answer(std::string_view line, size_t count) {
  const Json answer = parse(line);
  const auto list = answer.is_object() ? answer.find("scores") : answer.end();
  if (list == answer.end() || !list->is_array()) refuse("answered without a list \"scores\": " + quote(line));
  if (list->size() != count) {
    refuse("answered " + std::to_string(list->size()) + " scores for " + std::to_string(count) + " texts");
  }
  std::vector<double> scores;
  scores.reserve(count);
  for (const Json& value : *list) {
    if (!value.is_number()) {
      refuse("responded with a score that is not a number: " + quote(value.dump(-1, ' ', true)));
    }
    scores.push_back(value.get<double>());
  }
  return scores;
}

}  // namespace kiloword
