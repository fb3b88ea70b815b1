#include "pipeline/fact_sentence.h"

#include <gtest/gtest.h>

namespace kiloword {
namespace {

TEST(FactSentence, SaysWhatIsSure) {
  SureFacts facts;
  EXPECT_EQ(fact_sentence(facts), "");
  facts.place = "a beach";
  facts.place_phrase = "on a beach";
  EXPECT_EQ(fact_sentence(facts), "A beach.");
  facts.nobody = true;
  EXPECT_EQ(fact_sentence(facts), "A beach without people.");
  facts.scenery = {"water", "rocks"};
  EXPECT_EQ(fact_sentence(facts), "A beach with water and rocks.");
  facts.object = "a dog";
  facts.object_acts = true;
  facts.action = "running";
  EXPECT_EQ(fact_sentence(facts), "A dog running on a beach.");
  facts.people = "a man";
  EXPECT_EQ(fact_sentence(facts), "A man with a dog on a beach.");
  facts.medium = "a drawing";
  EXPECT_EQ(fact_sentence(facts), "A drawing of a man with a dog on a beach.");
}

TEST(FactSentence, ThingsDoNotAct) {
  SureFacts facts;
  facts.object = "an accordion";
  facts.action = "playing";
  facts.pixels.background = PixelFacts::Background::kWhite;
  EXPECT_EQ(fact_sentence(facts), "An accordion on a white background.");
  facts.pixels.is_grey = true;
  EXPECT_EQ(fact_sentence(facts), "A black and white photo of an accordion on a white background.");
}

TEST(FactSentence, FindsPrepositionsByPlaceOrKind) {
  EXPECT_EQ(place_phrase("beach", "a beach", {"landscape"}), "on a beach");
  EXPECT_EQ(place_phrase("church", "a church", {"building", "outdoors"}), "by a church");
  EXPECT_EQ(place_phrase("kitchen", "a kitchen", {"indoors"}), "in a kitchen");
  EXPECT_EQ(place_phrase("indoors", "an indoor scene", {}), "indoors");
}

}  // namespace
}  // namespace kiloword
