#include "kiloword/pipeline/record.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "kiloword/base/base64.h"
#include "kiloword/base/utf8.h"

namespace kiloword {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchema = 1;

double rounded(double value, double steps) {
  return std::round(value * steps) / steps;
}
double four_decimals(double value) {
  return rounded(value, 1e4);
}
double one_decimal(double value) {
  return rounded(value, 10);
}

void put_path(Json& json, const std::string& path) {
  json["path"] = to_valid_utf8(path);
  if (!is_valid_utf8(path)) json["path_base64"] = base64(path);
}

Json record_head(const std::string& path, const char* status) {
  Json json;
  json["schema"] = kSchema;
  put_path(json, path);
  json["status"] = status;
  return json;
}

void put_run(Json& json, int width, int height, const std::string& model, double ms) {
  json["width"] = width;
  json["height"] = height;
  json["model"] = model;
  json["ms"] = one_decimal(ms);
}

void put_warnings(Json& json, const std::vector<std::string>& warnings) {
  if (!warnings.empty()) json["warnings"] = warnings;
}

/// Texts come from files and arguments: whatever is not UTF-8 in them is replaced.
std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json statement_json(const StatementRecord& statement) {
  Json json;
  json["set"] = statement.set;
  json["label"] = statement.label;
  json["text"] = statement.text;
  json["cosine"] = four_decimals(statement.cosine);
  json["probability"] = four_decimals(statement.probability);
  json["confidence"] = four_decimals(statement.confidence);
  json["said"] = statement.said;
  if (!statement.hypernyms.empty()) json["hypernyms"] = statement.hypernyms;
  if (!statement.hedged_from.empty()) json["hedged_from"] = statement.hedged_from;
  if (statement.stands_on_text) json["flag"] = "text";
  return json;
}

/// Boxes in whole pixels: left, top, width, height.
Json read_line_json(const ReadLine& line) {
  const auto px = [](double value) { return static_cast<int64_t>(std::llround(value)); };
  const PictureBox& box = line.box;
  return {{"line", line.text},
          {"box", {px(box.left), px(box.top), px(box.width), px(box.height)}},
          {"confidence", four_decimals(line.confidence)}};
}

Json frame_json(const FrameRecord& frame) {
  Json json{{"time", rounded(frame.time_s, 1e3)}, {"statements", Json::array()}};
  for (const StatementRecord& statement : frame.statements) {
    json["statements"].push_back(statement_json(statement));
  }
  return json;
}

Json explained_json(const ExplainedSet& set) {
  Json json;
  json["set"] = set.set;
  json["said"] = set.said;
  if (!set.said) json["reason"] = set.reason;
  json["labels"] = Json::array();
  for (const LabelRecord& label : set.labels) {
    json["labels"].push_back({{"label", label.label},
                              {"cosine", four_decimals(label.cosine)},
                              {"probability", four_decimals(label.probability)}});
  }
  for (const NameRecord& name : set.names) {
    json["names"].push_back({{"label", name.label},
                             {"cosine", four_decimals(name.cosine)},
                             {"probability", four_decimals(name.probability)},
                             {"confidence", four_decimals(name.confidence)},
                             {"outcome", name.outcome}});
  }
  return json;
}

void put_statements(Json& json, const CaptionRecord& record) {
  json["statements"] = Json::array();
  for (const StatementRecord& statement : record.statements)
    json["statements"].push_back(statement_json(statement));
  for (const ReadLine& line : record.text) json["text"].push_back(read_line_json(line));
  for (const FrameRecord& frame : record.frames) json["frames"].push_back(frame_json(frame));
}

void put_explanation(Json& json, const CaptionRecord& record) {
  if (!record.sets_left_out.empty()) json["sets_left_out"] = record.sets_left_out;
  if (record.explained.empty()) return;
  json["explain"] = Json::array();
  for (const ExplainedSet& set : record.explained) json["explain"].push_back(explained_json(set));
}

}  // namespace

std::string_view description_source_name(DescriptionSource source) {
  switch (source) {
    case DescriptionSource::kSearch:
      return "search";
    case DescriptionSource::kGuided:
      return "guided";
    case DescriptionSource::kFacts:
      return "facts";
    case DescriptionSource::kBank:
      return "bank";
    case DescriptionSource::kLabels:
      return "labels";
    case DescriptionSource::kCoca:
      return "coca";
  }
  return "";
}

std::string to_json(const CaptionRecord& record) {
  if (record.error) return error_json(record.path, *record.error);
  Json json = record_head(record.path, "ok");
  json["caption"] = record.caption;
  put_statements(json, record);
  put_run(json, record.width, record.height, record.model, record.ms);
  put_explanation(json, record);
  put_warnings(json, record.warnings);
  return dump(json);
}

namespace {

Json description_json(const DescriptionRecord& record) {
  Json json = record_head(record.path, "ok");
  json["caption"] = record.caption;
  json["description"] = record.description;
  json["clip_cosine"] = four_decimals(record.cosine);
  json["source"] = description_source_name(record.source);
  if (!record.reason.empty()) json["reason"] = record.reason;
  for (const WordEvidence& word : record.words)
    json["words"].push_back({{"word", word.word}, {"support", four_decimals(word.support)}});
  json["tokens"] = Json::array();
  for (const DescribedToken& token : record.tokens) {
    json["tokens"].push_back({{"id", token.id},
                              {"text", token.text},
                              {"logprob", four_decimals(token.logprob)},
                              {"cosine", four_decimals(token.cosine)}});
  }
  json["seed"] = record.seed;
  put_run(json, record.width, record.height, record.model, record.ms);
  json["language_model"] = record.language_model;
  if (!record.rerank_model.empty()) {
    json["rerank_model"] = record.rerank_model;
    json["rerank_cosine"] = four_decimals(record.rerank_cosine);
  }
  return json;
}

}  // namespace

std::string to_json(const DescriptionRecord& record) {
  if (record.error) return error_json(record.path, *record.error);
  Json json = description_json(record);
  put_warnings(json, record.warnings);
  return dump(json);
}

std::string to_json(const DescriptionRecord& description, const CaptionRecord& caption) {
  if (description.error) return error_json(description.path, *description.error);
  if (caption.error) return error_json(caption.path, *caption.error);
  Json json = description_json(description);
  put_statements(json, caption);
  put_explanation(json, caption);
  std::vector<std::string> warnings = description.warnings;
  warnings.insert(warnings.end(), caption.warnings.begin(), caption.warnings.end());
  put_warnings(json, warnings);
  return dump(json);
}

std::string score_json(const std::string& path, const std::vector<TextScore>& scores, int width, int height,
                       const std::string& model, double ms, const std::vector<std::string>& warnings) {
  Json json = record_head(path, "ok");
  json["scores"] = Json::array();
  for (const TextScore& score : scores) {
    json["scores"].push_back({{"text", score.text},
                              {"cosine", four_decimals(score.cosine)},
                              {"probability", four_decimals(score.probability)}});
  }
  put_run(json, width, height, model, ms);
  put_warnings(json, warnings);
  return dump(json);
}

std::string embedding_json(const std::string& key, const std::string& value, const float* embedding,
                           size_t dim, const std::vector<std::string>& warnings) {
  Json head;
  if (key == "path") {
    put_path(head, value);
  } else {
    head[key] = to_valid_utf8(value);
  }
  put_warnings(head, warnings);
  std::string line = dump(head);
  line.pop_back();  // the closing brace: the values follow in the shortest form that reads back as the same
                    // float
  line += ",\"embedding\":[";
  std::array<char, 32> number{};
  for (size_t i = 0; i < dim; ++i) {
    if (i > 0) line += ',';
    line.append(number.data(), std::to_chars(number.data(), number.data() + number.size(), embedding[i]).ptr);
  }
  return line + "]}";
}

std::string with_path(const std::string& json, const std::string& path) {
  for (const char* start : {R"({"schema":1,)", "{"}) {
    const std::string head = start + std::string(R"("path":"-",)");
    if (json.compare(0, head.size(), head) != 0) continue;
    Json own;
    put_path(own, path);
    const std::string object = dump(own);
    return start + object.substr(1, object.size() - 2) + "," + json.substr(head.size());
  }
  throw Error(ErrorKind::kModel, "not a record of this version of kiloword");
}

std::string error_json(const std::string& path, const Error& error) {
  Json json = record_head(path, "error");
  json["error"] = {{"kind", error_kind_name(error.kind())}, {"message", error.message()}};
  return dump(json);
}

std::string match_json(const std::string& path, size_t rank, const MatchScores& scores) {
  Json json = record_head(path, "ok");
  json["rank"] = rank;
  if (scores.cosine) json["cosine"] = four_decimals(*scores.cosine);
  if (scores.confidence) json["confidence"] = four_decimals(*scores.confidence);
  return dump(json);
}

}  // namespace kiloword
