#include "kiloword/pipeline/record.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace kiloword {
namespace {

CaptionRecord sample() {
  CaptionRecord record;
  record.path = "a/b.jpg";
  record.caption = "[Image Attached: This is a photo.]";
  record.statements = {{"medium", "photo", "This is a photo.", 0.27004, 0.98, 0.97, true, ""}};
  record.width = 640;
  record.height = 480;
  record.model = "nano";
  record.ms = 3.14;
  return record;
}

TEST(Record, HasTheKeysOfTheSchemaInOrder) {
  EXPECT_EQ(
      to_json(sample()),
      R"({"schema":1,"path":"a/b.jpg","status":"ok","caption":"[Image Attached: This is a photo.]",)"
      R"("statements":[{"set":"medium","label":"photo","text":"This is a photo.","cosine":0.27,)"
      R"("probability":0.98,"confidence":0.97,"said":true}],"width":640,"height":480,"model":"nano","ms":3.1})");
}

TEST(Record, ErrorsCarryKindAndMessage) {
  CaptionRecord record = sample();
  record.error = Error(ErrorKind::kInput, "truncated JPEG", "a/b.jpg", "copy it again");
  EXPECT_EQ(
      to_json(record),
      R"({"schema":1,"path":"a/b.jpg","status":"error","error":{"kind":"input","message":"truncated JPEG"}})");
}

TEST(Record, PathThatIsNotUtf8IsKeptExactlyBesideItsLossyForm) {
  CaptionRecord record = sample();
  for (const std::string path : {"\xff", "a\xff", "ab\xff", "\xffzy\nx"}) {
    record.path = path;
    const auto json = nlohmann::json::parse(to_json(record));
    EXPECT_NE(json["path"].get<std::string>().find("\uFFFD"), std::string::npos);
    EXPECT_TRUE(json.contains("path_base64"));
  }
  record.path = "a\xff";
  EXPECT_EQ(nlohmann::json::parse(to_json(record))["path_base64"], "Yf8=");
  record.path = "a\xffz";
  EXPECT_EQ(nlohmann::json::parse(to_json(record))["path_base64"], "Yf96");
  record.path = "\xff";
  EXPECT_EQ(nlohmann::json::parse(to_json(record))["path_base64"], "/w==");
}

TEST(Record, ExplanationFollowsTheSchemasKeys) {
  CaptionRecord record = sample();
  record.explained = {{"scene", false, "under the least confidence asked for", {{"beach", 0.21, 0.12345}}}};
  const auto json = nlohmann::ordered_json::parse(to_json(record));
  EXPECT_EQ(json["explain"].dump(),
            R"([{"set":"scene","said":false,"reason":"under the least confidence asked for",)"
            R"("labels":[{"label":"beach","cosine":0.21,"probability":0.1235}]}])");
}

TEST(Record, DescriptionsHaveTheirTokensNumbers) {
  DescriptionRecord record;
  record.path = "a.jpg";
  record.caption = "[Image Attached: A dog.]";
  record.description = "A dog.";
  record.cosine = 0.31234;
  record.tokens = {{5, " dog", -1.25, 0.3}, {6, "\xff", -0.00004, 0.31234}};
  record.seed = 18446744073709551615U;
  record.width = 4;
  record.height = 3;
  record.model = "nano";
  record.language_model = "nano-lm";
  record.ms = 12.34;
  EXPECT_EQ(to_json(record),
            R"({"schema":1,"path":"a.jpg","status":"ok","caption":"[Image Attached: A dog.]",)"
            R"("description":"A dog.","clip_cosine":0.3123,"source":"search","tokens":[)"
            R"({"id":5,"text":" dog","logprob":-1.25,"cosine":0.3},)"
            "{\"id\":6,\"text\":\"\uFFFD\",\"logprob\":-0.0,\"cosine\":0.3123}],"
            R"("seed":18446744073709551615,"width":4,"height":3,"model":"nano","ms":12.3,)"
            R"("language_model":"nano-lm"})");
  record.error = Error(ErrorKind::kInput, "truncated JPEG", "a.jpg");
  EXPECT_EQ(to_json(record), error_json("a.jpg", *record.error));
}

TEST(Record, ScoresKeepTheOrderOfTheTexts) {
  EXPECT_EQ(
      score_json("a.jpg", {{"b", 0.1, 0.25}, {"a", 0.2, 0.75}}, 4, 3, "nano", 1.26),
      R"({"schema":1,"path":"a.jpg","status":"ok","scores":[{"text":"b","cosine":0.1,"probability":0.25},)"
      R"({"text":"a","cosine":0.2,"probability":0.75}],"width":4,"height":3,"model":"nano","ms":1.3})");
}

TEST(Record, EmbeddingsReadBackAsTheSameFloats) {
  const std::vector<float> values{0.1F, -1e-7F, 1.0F / 3.0F, 0.0F};
  const std::string line = embedding_json("path", "a \"b\".jpg", values.data(), values.size());
  EXPECT_EQ(line.rfind(R"({"path":"a \"b\".jpg","embedding":[0.1,)", 0), 0U) << line;
  EXPECT_EQ(nlohmann::json::parse(line)["embedding"].get<std::vector<float>>(), values);
}

TEST(Record, TextThatIsNotUtf8StillGivesJson) {
  CaptionRecord record = sample();
  record.statements[0].label = "\xff";
  EXPECT_EQ(nlohmann::json::parse(to_json(record))["statements"][0]["label"], "\uFFFD");
}

TEST(Record, HypernymsAreFurtherKeys) {
  CaptionRecord record = sample();
  record.statements[0].hypernyms = {"dog", "animal"};
  record.statements[0].hedged_from = "beagle";
  record.explained = {{"objects", true, "", {}, {{"beagle", 0.2, 0.3, 0.4, "below the minimum confidence"}}}};
  const auto json = nlohmann::ordered_json::parse(to_json(record));
  EXPECT_EQ(json["statements"][0]["hypernyms"].dump(), R"(["dog","animal"])");
  EXPECT_EQ(json["statements"][0]["hedged_from"], "beagle");
  EXPECT_EQ(json["explain"][0]["names"].dump(),
            R"([{"label":"beagle","cosine":0.2,"probability":0.3,"confidence":0.4,)"
            R"("outcome":"below the minimum confidence"}])");
}

}  // namespace
}  // namespace kiloword
