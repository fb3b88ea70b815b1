#include "kiloword/report/report_row.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/rows.h"

namespace kiloword::testing {
namespace {

using nlohmann::json;

std::string refusal(const std::string& line) {
  try {
    parse_report_row(line);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    return error.message();
  }
  return "none";
}

TEST(ReportRow, ReadsWhatCaptionWrites) {
  CaptionRecord record = captioned(
      "a/b.jpg", {statement("medium", "photo", 0.9, true), statement("scene", "beach", 0.1, false)});
  record.explained = {{"medium", true, "", {{"photo", 0.25, 0.5}, {"sketch", 0.1, 0.2}}},
                      {"scene", false, "below the minimum confidence", {{"beach", -0.25, 0.5}}}};
  const ReportRow row = parse_report_row(to_json(record));
  EXPECT_FALSE(row.error);
  EXPECT_EQ(row.path, "a/b.jpg");
  EXPECT_EQ(row.caption, record.caption);
  EXPECT_EQ(row.width, 40);
  EXPECT_EQ(row.height, 30);
  EXPECT_EQ(row.model, "nano");
  ASSERT_EQ(row.statements.size(), 2U);
  EXPECT_EQ(row.statements[0].set, "medium");
  EXPECT_EQ(row.statements[0].label, "photo");
  EXPECT_EQ(row.statements[0].confidence, 0.9);
  EXPECT_TRUE(row.statements[0].said);
  EXPECT_FALSE(row.statements[1].said);
  ASSERT_EQ(row.explained.size(), 2U);
  EXPECT_EQ(row.explained[1].reason, "below the minimum confidence");
  EXPECT_EQ(row.explained[0].labels[1].label, "sketch");
  EXPECT_FALSE(row.cosine);
}

TEST(ReportRow, ReadsWhatDescribeWrites) {
  const ReportRow row = parse_report_row(to_json(described("a.jpg")));
  EXPECT_EQ(row.description, "A dog runs.");
  EXPECT_EQ(row.cosine, 0.4321);
  EXPECT_EQ(row.language_model, "nano-lm");
  EXPECT_TRUE(row.statements.empty());
  ASSERT_EQ(row.words.size(), 1U);
  EXPECT_EQ(row.words[0].word, "dog");
  EXPECT_EQ(row.words[0].support, 0.9);
}

TEST(ReportRow, ReadsErrorsOfEveryKind) {
  for (const ErrorKind kind : {ErrorKind::kUsage, ErrorKind::kInput, ErrorKind::kModel, ErrorKind::kLabels,
                               ErrorKind::kOutput, ErrorKind::kBusy, ErrorKind::kInternal}) {
    const ReportRow row =
        parse_report_row(error_json("a.jpg", Error(kind, "truncated JPEG", "a.jpg", "remedy")));
    ASSERT_TRUE(row.error);
    EXPECT_EQ(row.error->kind(), kind);
    EXPECT_EQ(row.error->message(), "truncated JPEG");
  }
}

TEST(ReportRow, PathsAreExact) {
  for (const std::string path : {"\xff\xfe.jpg", "ü/\"<b>.jpg", "archive.tar!a.jpg"}) {
    EXPECT_EQ(parse_report_row(to_json(captioned(path, {}))).path, path);
  }
}

TEST(ReportRow, RefusesWhatIsNoRecord) {
  EXPECT_EQ(refusal(""), "not JSON in UTF-8");
  EXPECT_EQ(refusal("{\"schema\":1,\"path\":\"a"), "not JSON in UTF-8");
  EXPECT_EQ(refusal("{\"schema\":1,\"path\":\"\xff\"}"), "not JSON in UTF-8");
  EXPECT_EQ(refusal("[1,2]"), "not a JSON object");
  EXPECT_EQ(refusal("{\"path\":\"a.jpg\"}"), "no \"schema\"");
  EXPECT_EQ(refusal(std::string(100000, '[')), "not JSON in UTF-8");
}

TEST(ReportRow, RefusesFieldsThatAreNotWhatTheyShouldBe) {
  const json good = json::parse(to_json(captioned("a.jpg", {statement("medium", "photo", 0.9, true)})));
  const auto with = [&good](const std::string& pointer, const json& value) {
    json changed = good;
    changed[json::json_pointer(pointer)] = value;
    return refusal(changed.dump());
  };
  EXPECT_EQ(with("/caption", "x"), "none");
  EXPECT_EQ(with("/schema", 2), "not of schema 1");
  EXPECT_EQ(with("/schema", "1"), "not of schema 1");
  EXPECT_EQ(with("/path", 7), "\"path\" is not a text");
  EXPECT_EQ(with("/path_base64", "!"), "\"path_base64\" is not base64");
  EXPECT_EQ(with("/status", "fine"), "\"status\" is not ok or error");
  EXPECT_EQ(with("/status", "error"), "no \"error\"");
  EXPECT_EQ(with("/caption", nullptr), "\"caption\" is not a text");
  EXPECT_EQ(with("/width", 0), "\"width\" is not a number of pixels");
  EXPECT_EQ(with("/width", -1), "\"width\" is not a number of pixels");
  EXPECT_EQ(with("/height", 1e30), "\"height\" is not a number of pixels");
  EXPECT_EQ(with("/statements", 1), "\"statements\" is not a list");
  EXPECT_EQ(with("/statements/0", 1), "\"statements\" is not a list of objects");
  EXPECT_EQ(with("/statements/0/said", 1), "\"said\" is not true or false");
  EXPECT_EQ(with("/statements/0/confidence", 1.01), "\"confidence\" is not a number from 0 to 1");
  EXPECT_EQ(with("/statements/0/cosine", "0.5"), "\"cosine\" is not a number from -1 to 1");
  EXPECT_EQ(with("/explain", {{{"set", "medium"}, {"said", false}}}), "no \"reason\"");
  json scores = good;  // what score writes: schema 1 as well, and no caption
  scores.erase("caption");
  EXPECT_EQ(refusal(scores.dump()), "no \"caption\"");
}

}  // namespace
}  // namespace kiloword::testing
