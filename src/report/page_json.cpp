#include "report/page_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "kiloword/base/utf8.h"
#include "kiloword/base/version.h"

namespace kiloword {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
  return inside_script(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Json statement_json(const StatementRecord& statement, const std::vector<ExplainedSet>& explained) {
  Json json{{"set", statement.set},
            {"label", statement.label},
            {"confidence", statement.confidence},
            {"probability", statement.probability},
            {"cosine", statement.cosine},
            {"said", statement.said}};
  const auto found = std::find_if(explained.begin(), explained.end(),
                                  [&](const ExplainedSet& set) { return set.set == statement.set; });
  if (found == explained.end()) return json;
  if (!found->said) json["reason"] = found->reason;
  json["labels"] = Json::array();
  for (const LabelRecord& label : found->labels) {
    json["labels"].push_back(
        {{"label", label.label}, {"probability", label.probability}, {"cosine", label.cosine}});
  }
  return json;
}

}  // namespace

std::string inside_script(std::string_view json) {
  std::string safe;
  safe.reserve(json.size());
  for (size_t i = 0; i < json.size(); ++i) {
    const std::string_view rest = json.substr(i, 3);
    if (rest == "\u2028" || rest == "\u2029") {
      safe += rest == "\u2028" ? "\\u2028" : "\\u2029";
      i += 2;
    } else if (json[i] == '<') {
      safe += "\\u003c";
    } else if (json[i] == '>') {
      safe += "\\u003e";
    } else if (json[i] == '&') {
      safe += "\\u0026";
    } else {
      safe += json[i];
    }
  }
  return safe;
}

std::string row_json(const ReportRow& row) {
  Json json{{"path", to_valid_utf8(row.path)}};
  if (row.error) {
    json["error"] = {{"kind", error_kind_name(row.error->kind())}, {"message", row.error->message()}};
    return dump(json);
  }
  json["caption"] = row.caption;
  if (row.cosine) {
    json["description"] = row.description;
    json["cosine"] = *row.cosine;
    json["languageModel"] = row.language_model;
    json["words"] = Json::array();
    for (const WordEvidence& word : row.words)
      json["words"].push_back({{"word", to_valid_utf8(word.word)}, {"support", word.support}});
  }
  json["statements"] = Json::array();
  for (const StatementRecord& statement : row.statements) {
    json["statements"].push_back(statement_json(statement, row.explained));
  }
  json["width"] = row.width;
  json["height"] = row.height;
  json["model"] = row.model;
  return dump(json);
}

std::string summary_json(const ReportSummary& summary, const ReportOptions& options) {
  Json json{{"version", kVersion},      {"sources", Json::array()},
            {"images", summary.images}, {"described", summary.described},
            {"silent", summary.silent}, {"failed", summary.failed()},
            {"errors", Json::array()},  {"sets", Json::array()}};
  for (const std::string& source : options.sources) json["sources"].push_back(to_valid_utf8(source));
  for (const auto& [kind, images] : summary.errors)
    json["errors"].push_back({{"kind", kind}, {"images", images}});
  for (const auto& [name, set] : summary.sets) {
    json["sets"].push_back({{"set", name}, {"images", set.images}, {"said", set.said}});
  }
  return dump(json);
}

}  // namespace kiloword
