#include "kiloword/guided/word_support.h"

#include <gtest/gtest.h>

#include <cmath>

namespace kiloword {
namespace {

WordSupport dog_on_grass() {
  WordSupport words(0.3);
  words.add("dog", 0.9);
  words.add("Golden Retriever", 0.6);
  words.add("grass", 0.5);
  words.add("cat", 0.1);
  words.add("man", 0.8);
  words.add("black", 0.8);
  return words;
}

TEST(WordSupport, AllowsFunctionWordsAndSupportedOnes) {
  const WordSupport words = dog_on_grass();
  EXPECT_TRUE(words.allows("A dog on the grass.", true));
  EXPECT_TRUE(words.allows("A golden retriever.", true));
  EXPECT_FALSE(words.allows("A cat on the grass.", true));
  EXPECT_FALSE(words.allows("A dog on the sofa.", true));
}

TEST(WordSupport, AWordMayBeUnfinishedWhileTheTextGrows) {
  const WordSupport words = dog_on_grass();
  EXPECT_TRUE(words.allows("A do", false));
  EXPECT_FALSE(words.allows("A do", true));
  EXPECT_TRUE(words.allows("A dog on the gra", false));
  EXPECT_FALSE(words.allows("A dog on the gro", false));
  EXPECT_FALSE(words.allows("A ca ", false));
}

TEST(WordSupport, RefusesTextsThatSayNothingAndWordsThatStandTwice) {
  const WordSupport words = dog_on_grass();
  EXPECT_FALSE(words.allows("There is one on the.", true));
  EXPECT_FALSE(words.allows("", true));
  EXPECT_FALSE(words.allows("A dog and a dog.", true));
  EXPECT_FALSE(words.allows("A dog and two dogs.", true));
}

TEST(WordSupport, RefusesFunctionWordsThatClaimMoreThanIsKnown) {
  const WordSupport words = dog_on_grass();
  EXPECT_FALSE(words.allows("A dog on grass without a man.", true));
  EXPECT_FALSE(words.allows("A dog behind a man.", true));
  EXPECT_FALSE(words.allows("A dog in the background.", true));
  EXPECT_TRUE(words.allows("A dog on grass with a man.", true));
}

TEST(WordSupport, IsPlainEnglish) {
  const WordSupport words = dog_on_grass();
  EXPECT_FALSE(words.allows("A dog in the With grass.", true));
  EXPECT_FALSE(words.allows("A dog in the wi", false)) << "no word that may stand here begins so";
  EXPECT_FALSE(words.allows("A dog in Wi", false));
  EXPECT_FALSE(words.allows("A dog with man.", true));
  EXPECT_FALSE(words.allows("A dog", true)) << "no full stop";
}

TEST(WordSupport, NamesAreCountedWhereTheySaySo) {
  WordSupport words(0.3);
  words.add("tower", 0.9);
  EXPECT_TRUE(words.allows("Tower.", true));
  words.add_noun("water tower", 0.9);
  EXPECT_FALSE(words.allows("Tower.", true));
  EXPECT_FALSE(words.allows("A tower with water tower.", true));
  EXPECT_TRUE(words.allows("A water tower.", true));
}

TEST(WordSupport, WeighsWhatTextsSay) {
  EXPECT_NEAR(informative_support({{"dog", 0.9}, {"outdoors", 0.8}}), 0.9 + 0.8 / 4, 1e-12);
  EXPECT_EQ(informative_support({}), 0);
}

TEST(WordSupport, NeverJudgesPeople) {
  WordSupport words = dog_on_grass();
  words.add("slum", 1);
  words.add("poor", 1);
  EXPECT_FALSE(words.allows("A slum.", true));
  EXPECT_FALSE(words.allows("A poor dog.", true));
  EXPECT_FALSE(words.allows("A black man.", true));
  EXPECT_TRUE(words.allows("A black dog with a man.", true));
}

TEST(WordSupport, TellsTheEvidence) {
  const WordSupport words = dog_on_grass();
  const std::vector<WordEvidence> evidence = words.evidence("A dog on the sofa.");
  ASSERT_EQ(evidence.size(), 2U);
  EXPECT_EQ(evidence[0].word, "dog");
  EXPECT_EQ(evidence[0].support, 0.9);
  EXPECT_EQ(least_support(evidence), 0);
  EXPECT_EQ(least_support({}), 0);
  EXPECT_NEAR(words.value("A dog on the grass"), std::log(0.9 / 0.2) + std::log(0.5 / 0.2), 1e-12);
}

TEST(WordSupport, MoreSupportWins) {
  WordSupport words(0.3);
  words.add("dog", 0.9);
  words.add("dog", 0.2);
  EXPECT_EQ(words.evidence("dog").front().support, 0.9);
}

}  // namespace
}  // namespace kiloword
