#include "kiloword/report/report_row.h"

#include <limits>
#include <nlohmann/json.hpp>

#include "kiloword/base/base64.h"

namespace kiloword {
namespace {

using Json = nlohmann::json;

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorKind::kInput, what);
}

const Json& field(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) refuse(std::string("no \"") + name + "\"");
  return *found;
}

[[noreturn]] void refuse_field(const char* name, const char* wanted) {
  refuse(std::string("\"") + name + "\" is not " + wanted);
}

std::string text(const Json& object, const char* name) {
  const Json& value = field(object, name);
  if (!value.is_string()) refuse_field(name, "a text");
  return value.get<std::string>();
}

bool flag(const Json& object, const char* name) {
  const Json& value = field(object, name);
  if (!value.is_boolean()) refuse_field(name, "true or false");
  return value.get<bool>();
}

double number(const Json& object, const char* name, double least) {
  const Json& value = field(object, name);
  const bool good = value.is_number() && value.get<double>() >= least && value.get<double>() <= 1;
  if (!good) refuse_field(name, least < 0 ? "a number from -1 to 1" : "a number from 0 to 1");
  return value.get<double>();
}

int pixels(const Json& object, const char* name) {
  const Json& value = field(object, name);
  const bool good = value.is_number_unsigned() && value.get<uint64_t>() >= 1 &&
                    value.get<uint64_t>() <= uint64_t{std::numeric_limits<int>::max()};
  if (!good) refuse_field(name, "a number of pixels");
  return value.get<int>();
}

/// The objects in the list `name`.
template <typename Read>
void for_each_object(const Json& object, const char* name, Read read) {
  const Json& list = field(object, name);
  if (!list.is_array()) refuse_field(name, "a list");
  for (const Json& value : list) {
    if (!value.is_object()) refuse_field(name, "a list of objects");
    read(value);
  }
}

StatementRecord statement_of(const Json& json) {
  StatementRecord statement;
  statement.set = text(json, "set");
  statement.label = text(json, "label");
  statement.cosine = number(json, "cosine", -1);
  statement.probability = number(json, "probability", 0);
  statement.confidence = number(json, "confidence", 0);
  statement.said = flag(json, "said");
  return statement;
}

ExplainedSet explained_of(const Json& json) {
  ExplainedSet set;
  set.set = text(json, "set");
  set.said = flag(json, "said");
  if (!set.said) set.reason = text(json, "reason");
  for_each_object(json, "labels", [&set](const Json& label) {
    set.labels.push_back(
        {text(label, "label"), number(label, "cosine", -1), number(label, "probability", 0)});
  });
  return set;
}

std::string path_of(const Json& json) {
  std::string shown = text(json, "path");
  if (!json.contains("path_base64")) return shown;
  std::optional<std::string> exact = decode_base64(text(json, "path_base64"));
  if (!exact) refuse_field("path_base64", "base64");
  return *std::move(exact);
}

Error error_of(const Json& json) {
  const Json& error = field(json, "error");
  if (!error.is_object()) refuse_field("error", "an object");
  const std::string kind = text(error, "kind");
  const ErrorKind known = error_kind(kind);
  if (error_kind_name(known) != kind) refuse_field("kind", "a kind of error");
  return {known, text(error, "message")};
}

}  // namespace

ReportRow parse_report_row(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (json.is_discarded()) refuse("not JSON in UTF-8");
  if (!json.is_object()) refuse("not a JSON object");
  if (field(json, "schema") != 1) refuse("not of schema 1");
  ReportRow row;
  row.path = path_of(json);
  const std::string status = text(json, "status");
  if (status == "error") {
    row.error = error_of(json);
    return row;
  }
  if (status != "ok") refuse_field("status", "ok or error");
  row.caption = text(json, "caption");
  row.width = pixels(json, "width");
  row.height = pixels(json, "height");
  row.model = text(json, "model");
  if (json.contains("description")) {
    row.description = text(json, "description");
    row.cosine = number(json, "clip_cosine", -1);
    row.language_model = text(json, "language_model");
    if (json.contains("words")) {
      for_each_object(json, "words", [&row](const Json& word) {
        row.words.push_back({text(word, "word"), number(word, "support", 0)});
      });
    }
    return row;
  }
  for_each_object(json, "statements",
                  [&row](const Json& statement) { row.statements.push_back(statement_of(statement)); });
  if (json.contains("explain")) {
    for_each_object(json, "explain", [&row](const Json& set) { row.explained.push_back(explained_of(set)); });
  }
  return row;
}

}  // namespace kiloword
