#include "guided/plain_grammar.h"

#include <gtest/gtest.h>

namespace kiloword {
namespace {

bool reads(std::string_view text) {
  const auto words = grammar_words(text);
  return words && is_plain(*words, {{"tower"}, {"east", "asian"}}, true);
}

TEST(PlainGrammar, TakesPlainSentences) {
  for (const char* text :
       {"A dog running on the grass.", "Two dogs are in the snow.", "A black and white dog with a ball.",
        "A man is riding a bike through a field.", "People on a beach.", "An East Asian temple.",
        "A man outdoors.", "A boy in water.", "A man and a dog are on a beach."}) {
    EXPECT_TRUE(reads(text)) << text;
  }
}

TEST(PlainGrammar, FunctionWordsAreLowerCaseAndStandWhereTheyCan) {
  for (const char* text : {"A dog in the Of animal.", "A dog in the up of grass.", "In the grass of a dog.",
                           "A dog of in the snow.", "A UP of a dog.", "A dog IN the snow.",
                           "A dog in the outdoors.", "The SIGN.", "A Red dog.", "A running dog."}) {
    EXPECT_FALSE(reads(text)) << text;
  }
}

TEST(PlainGrammar, NounsHaveTheirArticles) {
  for (const char* text :
       {"Man.", "A man on slope.", "A dog with tower.", "A dogs.", "Two dog.", "A man riding bike.",
        "A snow.", "A animal.", "An dog.", "A dog are in the snow.", "Two dogs is in the snow."}) {
    EXPECT_FALSE(reads(text)) << text;
  }
}

TEST(PlainGrammar, AdjectivesHaveTheirNouns) {
  EXPECT_FALSE(reads("A black and white."));
  EXPECT_FALSE(reads("A black and a dog."));
  EXPECT_FALSE(reads("A dog in black with a ball."));
}

TEST(PlainGrammar, DoesNotGoOnAboutPlaces) {
  EXPECT_FALSE(reads("A dog in the snow in a park."));
  EXPECT_FALSE(reads("A dog with a ball in the snow on a field."));
  EXPECT_FALSE(reads("A camera in the person."));
  EXPECT_FALSE(reads("A ball is in the animal."));
}

TEST(PlainGrammar, OtherSignsAreNoPartOfASentence) {
  for (const char* text : {"A \"dog\".", "A dog, a cat.", "A dog's ball.", "A dog. A cat.", "(A dog)"})
    EXPECT_FALSE(grammar_words(text)) << text;
  EXPECT_TRUE(grammar_words(""));
}

TEST(PlainGrammar, KnowsPlurals) {
  EXPECT_EQ(singular("dogs"), "dog");
  EXPECT_EQ(singular("benches"), "bench");
  EXPECT_EQ(singular("ponies"), "pony");
  EXPECT_EQ(singular("people"), "person");
  for (const char* word : {"grass", "bus", "tennis", "dog"}) EXPECT_EQ(singular(word), word);
}

}  // namespace
}  // namespace kiloword
