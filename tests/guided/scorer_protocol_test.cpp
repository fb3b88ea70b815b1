#include "guided/scorer_protocol.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string refusal(const std::string& line, size_t count) {
  try {
    parse_scorer_answer(line, count);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kModel);
    EXPECT_EQ(error.where(), "");
    EXPECT_EQ(error.remedy(), "it must answer a line like {\"scores\":[0.3,0.1]}, one number per text");
    return error.message();
  }
  return "no error";
}

TEST(ScorerRequest, IsOneLineOfJson) {
  EXPECT_EQ(scorer_request("photos/a.jpg", {"a cat", "a \"dog\"\n"}),
            "{\"path\":\"photos/a.jpg\",\"texts\":[\"a cat\",\"a \\\"dog\\\"\\n\"]}\n");
  EXPECT_EQ(scorer_request("\xFF.jpg", {"caf\xE9"}), "{\"path\":\"\uFFFD.jpg\",\"texts\":[\"caf\uFFFD\"]}\n");
}

TEST(ScorerAnswer, HoldsOneNumberPerText) {
  EXPECT_THAT(parse_scorer_answer(R"({"scores":[0.25,-1,3e2]})", 3), ElementsAre(0.25, -1, 300));
  EXPECT_THAT(parse_scorer_answer(" {\"ms\": 3, \"scores\": [ 1 ]}\r", 1), ElementsAre(1));
  EXPECT_THAT(parse_scorer_answer(R"({"scores":[]})", 0), IsEmpty());
}

TEST(ScorerAnswer, RefusesAnythingElse) {
  EXPECT_EQ(refusal("", 1), "scorer responded with something other than JSON: ''");
  EXPECT_EQ(refusal("Loading\t...", 1),
            "scorer responded with something other than JSON: 'Loading\uFFFD...'");
  EXPECT_EQ(refusal(std::string(100, 'x'), 1),
            "scorer responded with something other than JSON: '" + std::string(60, 'x') + "...'");
  EXPECT_EQ(refusal(R"({"scores":[1]} {})", 1),
            "scorer responded with something other than JSON: '{\"scores\":[1]} {}'");
  EXPECT_EQ(refusal(R"([1])", 1), "scorer answered without a list \"scores\": '[1]'");
  EXPECT_EQ(refusal(R"({"score":[1]})", 1), "scorer answered without a list \"scores\": '{\"score\":[1]}'");
  EXPECT_EQ(refusal(R"({"scores":1})", 1), "scorer answered without a list \"scores\": '{\"scores\":1}'");
  EXPECT_EQ(refusal(R"({"scores":[1,2,3]})", 5), "scorer answered 3 scores for 5 texts");
  EXPECT_EQ(refusal(R"({"scores":[1,NaN]})", 2), "scorer answered with NaN or Infinity");
  EXPECT_EQ(refusal(R"({"scores":[-Infinity]})", 1), "scorer answered with NaN or Infinity");
  EXPECT_EQ(refusal(R"({"scores":[1e999]})", 1), "scorer responded with a number that is too large");
  EXPECT_EQ(refusal(R"({"scores":["0.5"]})", 1),
            "scorer responded with a score that is not a number: '\"0.5\"'");
  EXPECT_EQ(refusal(R"({"scores":[null]})", 1), "scorer responded with a score that is not a number: 'null'");
  EXPECT_EQ(refusal(R"({"scores":[true]})", 1), "scorer responded with a score that is not a number: 'true'");
  EXPECT_EQ(refusal(std::string(1000, '['), 1), "scorer answered with JSON nested too deep");
}

}  // namespace
}  // namespace kiloword
