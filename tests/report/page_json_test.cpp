#include "report/page_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/rows.h"

namespace kiloword::testing {
namespace {

using nlohmann::json;

TEST(PageJson, NothingInItEndsAScriptElement) {
  const std::string hostile = "</script><!--<script>\u2028\u2029&amp;]]>\\\"\x01";
  const json value = json(hostile);
  const std::string safe = inside_script(value.dump());
  for (const char* part : {"<", ">", "&", "\u2028", "\u2029"}) {
    EXPECT_EQ(safe.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(json::parse(safe), value) << "it says the same";
  EXPECT_EQ(inside_script("[\"\u2027\u202a\xe2\"]"), "[\"\u2027\u202a\xe2\"]");
}

TEST(PageJson, EveryTextOfARowIsSafe) {
  const std::string hostile = "</script><img src=x>";
  CaptionRecord record = captioned(hostile, {statement(hostile, hostile, 0.5, false)});
  record.caption = record.model = hostile;
  record.explained = {{hostile, false, hostile, {{hostile, 0.1, 0.2}}}};
  DescriptionRecord description = described(hostile);
  description.caption = description.description = description.language_model = hostile;
  for (const std::string& line :
       {to_json(record), to_json(description), error_json(hostile, Error(ErrorKind::kInput, hostile))}) {
    const std::string row = row_json(parse_report_row(line));
    EXPECT_EQ(row.find('<'), std::string::npos) << row;
    EXPECT_EQ(json::parse(row)["path"], hostile);
  }
}

TEST(PageJson, ARowHasWhatItsSetsFound) {
  CaptionRecord record = captioned(
      "a\xff.jpg", {statement("medium", "photo", 0.9, true), statement("scene", "beach", 0.1, false)});
  record.explained = {{"scene", false, "below the minimum confidence", {{"beach", 0.25, 0.5}}}};
  const json row = json::parse(row_json(parse_report_row(to_json(record))));
  EXPECT_EQ(row["path"], "a\uFFFD.jpg");
  EXPECT_EQ(row["statements"][0]["confidence"], 0.9);
  EXPECT_FALSE(row["statements"][0].contains("labels"));
  EXPECT_EQ(row["statements"][1]["reason"], "below the minimum confidence");
  EXPECT_EQ(row["statements"][1]["labels"][0]["label"], "beach");
  EXPECT_FALSE(row.contains("description"));
}

TEST(PageJson, RowsAreCounted) {
  ReportSummary summary;
  const auto add = [&summary](const std::string& line) { summary.add(parse_report_row(line)); };
  add(to_json(
      captioned("1", {statement("medium", "photo", 0.9, true), statement("scene", "beach", 0.1, false)})));
  add(to_json(
      captioned("2", {statement("medium", "photo", 0.2, false), statement("medium", "sketch", 0.1, false)})));
  add(to_json(captioned("3", {})));
  add(to_json(described("4")));
  add(error_json("5", Error(ErrorKind::kInput, "not an image")));
  add(error_json("6", Error(ErrorKind::kInput, "not an image")));
  add(error_json("7", Error(ErrorKind::kOutput, "disk full")));
  ReportOptions options;
  options.sources = {"rows.jsonl"};
  const json told = json::parse(summary_json(summary, options));
  EXPECT_EQ(told["images"], 7);
  EXPECT_EQ(told["failed"], 3);
  EXPECT_EQ(told["described"], 1);
  EXPECT_EQ(told["silent"], 2);
  EXPECT_EQ(told["errors"], json::parse(R"([{"kind":"input","images":2},{"kind":"output","images":1}])"));
  EXPECT_EQ(told["sets"],
            json::parse(R"([{"set":"medium","images":2,"said":1},{"set":"scene","images":1,"said":0}])"));
  EXPECT_EQ(told["sources"], json::parse(R"(["rows.jsonl"])"));
}

}  // namespace
}  // namespace kiloword::testing
