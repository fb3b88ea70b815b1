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
  EXPECT_TRUE(judge(candidate, scores, {}).out_of_set);
  EXPECT_FALSE(judge(candidate, scores, {}).is_true());
}

TEST(Judge, HypernymsOfTheTruthAreTrue) {
  // 0 animal, 1 dog, 2 beagle, 3 chihuahua, 4 teapot, 5 cat
  const LabelSet set = parse_label_set(
      "category: x\nstatement: {label}\n---\nanimal | match: none\ndog | is-a: animal\nbeagle | is-a: dog\n"
      "chihuahua | is-a: dog\nteapot\ncat | is-a: animal\n",
      "f", "f.txt");
  const auto tree = LabelTree::of(set);
  const SetScores scores{{0.0F, 0.1F, 0.5F, 0.4F, 0.2F, 0.0F}, {}};
  Candidate candidate;
  candidate.path = hedging_path(scores, {}, *tree, nullptr);
  candidate.best = candidate.path[1];
  const JudgedImage breed = judge(candidate, scores, {3}, tree.get());
  EXPECT_TRUE(breed.is_true()) << "a dog is right of a chihuahua";
  EXPECT_FALSE(breed.is_top1());
  EXPECT_EQ(breed.true_rank, 2U);
  ASSERT_EQ(breed.names.size(), 3U);
  EXPECT_FALSE(breed.names[0].is_true);
  EXPECT_TRUE(breed.names[1].is_true);
  EXPECT_FALSE(breed.names[1].is_exact);
  EXPECT_EQ(breed.names[0].information, 1);
  EXPECT_LT(breed.names[2].information, breed.names[1].information);
  const JudgedImage dog = judge(candidate, scores, {1}, tree.get());
  EXPECT_TRUE(dog.is_true());
  EXPECT_TRUE(dog.names[1].is_exact);
  EXPECT_FALSE(dog.names[0].is_true) << "that it is a beagle is not known";
  EXPECT_EQ(judge(candidate, scores, {0}, tree.get()).true_rank, 1U) << "animals have no text: a kind counts";
  EXPECT_FALSE(judge(candidate, scores, {4}, tree.get()).is_true());
}

}  // namespace
}  // namespace kiloword
