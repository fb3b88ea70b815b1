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
  facts.activity = "running";
  EXPECT_EQ(fact_sentence(facts), "A dog running on a beach.");
  facts.colour = "brown and white";
  EXPECT_EQ(fact_sentence(facts), "A brown and white dog running on a beach.");
  facts.people = "a man";
  EXPECT_EQ(fact_sentence(facts), "A man running with a brown and white dog on a beach.");
  facts.medium = "a drawing";
  EXPECT_EQ(fact_sentence(facts), "A drawing of a man running with a brown and white dog on a beach.");
}

TEST(FactSentence, NamesThePlainBackgroundAndTheLackOfColour) {
  SureFacts facts;
  facts.object = "an accordion";
  facts.place_phrase = "indoors";
  facts.pixels.background = PixelFacts::Background::kWhite;
  EXPECT_EQ(fact_sentence(facts), "An accordion on a white background.");
  facts.pixels.is_grey = true;
  EXPECT_EQ(fact_sentence(facts), "A black and white photo of an accordion on a white background.");
}

TEST(FactSentence, PrefersSurroundingsToAVaguePlace) {
  SureFacts facts;
  facts.people = "people";
  facts.place_phrase = "outdoors";
  facts.surroundings = "in the snow";
  facts.place_is_vague = true;
  EXPECT_EQ(fact_sentence(facts), "People in the snow.");
  facts.place_phrase = "on a ski slope";
  facts.place_is_vague = false;
  EXPECT_EQ(fact_sentence(facts), "People on a ski slope.");
}

TEST(FactSentence, SeesASkyOutdoorsOnly) {
  SureFacts facts;
  facts.people = "a person";
  facts.activity = "jumping";
  facts.place_phrase = "outdoors";
  facts.pixels.sky = PixelFacts::Sky::kBlue;
  EXPECT_EQ(fact_sentence(facts), "A person jumping outdoors.");
  facts.is_outdoors = true;
  EXPECT_EQ(fact_sentence(facts), "A person jumping under a blue sky.");
  facts.place_phrase = "on a street";
  facts.pixels.sky = PixelFacts::Sky::kNight;
  EXPECT_EQ(fact_sentence(facts), "A person jumping on a street at night.");
}

TEST(FactSentence, NamesWhatIsUsedOnceAndWearsClothes) {
  SureFacts facts;
  facts.people = "a woman";
  facts.activity = "riding a bicycle";
  facts.object = "a bicycle";
  EXPECT_EQ(fact_sentence(facts), "A woman riding a bicycle.");
  facts.activity = "playing football";
  facts.object = "a ball";
  EXPECT_EQ(fact_sentence(facts), "A woman playing football.");
  facts.activity = "";
  facts.object = "a jersey";
  facts.object_is_worn = true;
  EXPECT_EQ(fact_sentence(facts), "A woman wearing a jersey.");
}

TEST(FactSentence, FindsPrepositionsByPlaceOrKind) {
  EXPECT_EQ(place_phrase("beach", "a beach", {"landscape"}), "on a beach");
  EXPECT_EQ(place_phrase("church", "a church", {"building", "outdoors"}), "by a church");
  EXPECT_EQ(place_phrase("kitchen", "a kitchen", {"indoors"}), "in a kitchen");
  EXPECT_EQ(place_phrase("indoors", "an indoor scene", {}), "indoors");
  EXPECT_TRUE(is_vague_place("indoors"));
  EXPECT_FALSE(is_vague_place("kitchen"));
}

}  // namespace
}  // namespace kiloword
