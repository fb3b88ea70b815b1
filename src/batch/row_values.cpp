#include "kiloword/batch/row_values.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "kiloword/base/base64.h"
#include "kiloword/base/error.h"
#include "kiloword/pipeline/sentence.h"

namespace kiloword {
namespace {

using Json = nlohmann::json;

/// A text as it is, a number as JSON has it; empty where there is no such field.
std::string value_text(const Json& row, const char* name) {
  const auto found = row.find(name);
  if (found == row.end()) return "";
  return found->is_string() ? found->get<std::string>() : found->dump();
}

std::vector<std::string> tags_of(const Json& row) {
  std::vector<std::string> tags;
  const auto add = [&tags](std::string tag) {
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(std::move(tag));
  };
  for (const Json& statement : row.value("statements", Json::array())) {
    if (statement.value("said", false)) add(statement.at("label").get<std::string>());
  }
  if (!row.contains("statements")) {
    for (const Json& word : row.value("words", Json::array())) add(word.at("word").get<std::string>());
  }
  return tags;
}

RowValues values_of(const Json& row) {
  RowValues values;
  values.path = row.at("path").get<std::string>();
  if (row.contains("path_base64")) {
    values.path = decode_base64(row["path_base64"].get<std::string>()).value_or(values.path);
  }
  values.failed = row.at("status") != "ok";
  values.index = value_text(row, "index");
  values.bytes = value_text(row, "bytes");
  values.modified = value_text(row, "modified");
  values.run = value_text(row, "run");
  if (values.failed) {
    values.error = row.at("error").at("message").get<std::string>();
    return values;
  }
  values.caption = row.at("caption").get<std::string>();
  values.description = row.value("description", "");
  values.text = values.description == kNothingToSay ? "" : values.description;
  if (values.description.empty()) values.text = said_text(values.caption);
  values.tags = tags_of(row);
  values.width = value_text(row, "width");
  values.height = value_text(row, "height");
  values.model = value_text(row, "model");
  return values;
}

}  // namespace

RowValues row_values(std::string_view row) {
  const Json json = Json::parse(row, nullptr, /*allow_exceptions=*/false);
  try {
    if (json.is_object()) return values_of(json);
  } catch (const Json::exception&) {  // told below
  }
  throw Error(ErrorKind::kModel, "not a record of this version of kiloword");
}

}  // namespace kiloword
