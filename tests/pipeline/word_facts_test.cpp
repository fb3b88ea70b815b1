#include "pipeline/word_facts.h"

#include <gtest/gtest.h>

namespace kiloword {
namespace {

HeadWords head(const std::map<std::string, double>& probabilities) {
  HeadWords words;
  for (const auto& [word, probability] : probabilities) words.set(word, probability);
  return words;
}

TEST(HeadWords, NamesPeopleAsExactlyAsIsSure) {
  EXPECT_EQ(head({}).people().text, "");
  EXPECT_EQ(head({{"person", 0.7}}).people().text, "a person");
  EXPECT_EQ(head({{"person", 0.9}, {"man", 0.6}}).people().text, "a person");
  EXPECT_EQ(head({{"person", 0.9}, {"man", 0.8}}).people().text, "a man");
  EXPECT_EQ(head({{"person", 0.9}, {"child", 0.7}, {"boy", 0.7}}).people().text, "a boy");
  EXPECT_EQ(head({{"person", 0.9}, {"child", 0.9}, {"man", 0.4}}).people().text, "a person");
  EXPECT_EQ(head({{"person", 0.9}, {"man", 0.7}, {"people", 0.9}}).people().text, "people");
  EXPECT_EQ(head({{"people", 0.9}, {"crowd", 0.6}}).people().text, "a crowd of people");
  EXPECT_EQ(head({{"person", 0.9}, {"man", 0.8}}).people().support, 0.8);
}

TEST(HeadWords, SaysWhatIsDone) {
  EXPECT_EQ(head({{"riding", 0.9}}).people_activity().text, "");
  EXPECT_EQ(head({{"riding", 0.9}, {"bicycle", 0.6}}).people_activity().text, "riding a bicycle");
  EXPECT_EQ(head({{"running", 0.7}, {"soccer", 0.9}}).people_activity().text, "playing soccer");
  EXPECT_EQ(head({{"running", 0.7}, {"soccer", 0.9}}).animal_activity().text, "running");
}

TEST(HeadWords, SaysWhere) {
  EXPECT_EQ(head({{"water", 0.7}}).surroundings().text, "by the water");
  EXPECT_EQ(head({{"water", 0.7}, {"swimming", 0.7}}).surroundings().text, "in the water");
  EXPECT_EQ(head({{"water", 0.6}, {"snow", 0.9}}).surroundings().text, "in the snow");
}

TEST(HeadWords, NamesThingsAndTheColoursOfDogs) {
  EXPECT_EQ(head({{"ball", 0.9}}).thing(false).text, "");
  EXPECT_EQ(head({{"ball", 0.9}}).thing(true).text, "a ball");
  EXPECT_EQ(head({{"dog", 0.9}, {"ball", 0.9}}).thing(true).text, "a dog");
  EXPECT_EQ(head({{"brown", 0.9}, {"white", 0.8}}).dog_colour().text, "brown and white");
  EXPECT_EQ(head({{"brown", 0.9}, {"white", 0.8}}).dog_colour().support, 0.8);
  EXPECT_EQ(head({{"brown", 0.9}, {"white", 0.8}, {"black", 0.8}}).dog_colour().text, "");
}

TEST(HeadWords, SceneryIsWhatThePlaceDoesNotNameAlready) {
  const std::vector<SurePhrase> scenery =
      head({{"water", 0.7}, {"trees", 0.9}, {"grass", 0.6}, {"mountains", 0.95}}).scenery("mountain");
  ASSERT_EQ(scenery.size(), 2U);
  EXPECT_EQ(scenery[0].text, "trees");
  EXPECT_EQ(scenery[1].text, "water");
}

}  // namespace
}  // namespace kiloword
