#include "kiloword/evaluation/judged_image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

LabelSet places() {
  return parse_label_set("category: x\nstatement: {label}\n---\nferris wheel\nT-shirt shop\nbeach\n",
                         "places", "places.txt");
}

TEST(ClassMap, NamesOfLabelsInAnyCaseWithUnderscores) {
  const ClassMap map(places());
  EXPECT_THAT(map.labels_of("Ferris_Wheel"), ElementsAre(0));
  EXPECT_THAT(map.labels_of("t_shirt shop"), ElementsAre(1));
  EXPECT_THAT(map.labels_of("beaches"), IsEmpty());
}

TEST(ClassMap, FilesComeFirst) {
  ClassMap map(places());
  map.read("\xEF\xBB\xBFn001\tbeach|Ferris wheel\r\n\nbeach\t\nn002\tT-shirt shop", "map.tsv");
  EXPECT_THAT(map.labels_of("n001"), ElementsAre(0, 2));
  EXPECT_THAT(map.labels_of("n002"), ElementsAre(1));
  EXPECT_THAT(map.labels_of("beach"), IsEmpty()) << "mapped to nothing";
}

TEST(ClassMap, BadLinesAreRefusedWithTheirPlace) {
  const auto refusal = [](const std::string& content) -> std::string {
    ClassMap map(places());
    try {
      map.read(content, "map.tsv");
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_NE(refusal("a\tbeach\nb beach\n").find("map.tsv:2"), std::string::npos);
  EXPECT_NE(refusal("\tbeach\n").find("map.tsv:1"), std::string::npos);
  EXPECT_NE(refusal("a\tbeech\n").find("did you mean 'beach'?"), std::string::npos) << refusal("a\tbeech\n");
}

TEST(Judge, RankOfTheBestTrueLabel) {
  Candidate candidate;
  candidate.best.label = 1;
  const SetScores scores{{0.2F, 0.5F, 0.2F, 0.4F}, {}};
  EXPECT_EQ(judge(candidate, scores, {1}).true_rank, 1U);
  EXPECT_EQ(judge(candidate, scores, {3}).true_rank, 2U);
  EXPECT_EQ(judge(candidate, scores, {0}).true_rank, 3U);
  EXPECT_EQ(judge(candidate, scores, {2}).true_rank, 4U) << "equals keep the order of the set";
  EXPECT_EQ(judge(candidate, scores, {2, 3}).true_rank, 2U);
  EXPECT_TRUE(judge(candidate, scores, {1}).is_true());
  EXPECT_TRUE(judge(candidate, scores, {}).absent);
  EXPECT_FALSE(judge(candidate, scores, {}).is_true());
}

}  // namespace
}  // namespace kiloword
