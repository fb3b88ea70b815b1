#include "guided/sentences.h"

#include <gtest/gtest.h>

namespace kiloword {
namespace {

TEST(Sentences, EndWithTheirMarks) {
  for (const char* text : {"a dog.", "Really?", "Oh!", "He said \"no.\"", "(a dog.)", "..."}) {
    EXPECT_TRUE(ends_sentence(text)) << text;
  }
  for (const char* text : {"", "a dog", "a dog. ", "a dog,", "\"", ".a"})
    EXPECT_FALSE(ends_sentence(text)) << text;
}

TEST(Sentences, AreTrimmed) {
  EXPECT_EQ(trimmed("  a dog \n"), "a dog");
  EXPECT_EQ(trimmed("a \xef\xbf\xbd"), "a");  // half a character
  EXPECT_EQ(trimmed(" \t"), "");
}

TEST(Words, AreKeptWhereAnotherBegins) {
  EXPECT_TRUE(keeps_last_word("a dog", "a dog runs"));
  EXPECT_TRUE(keeps_last_word("a dog", "a dog."));
  EXPECT_TRUE(keeps_last_word("a dog,", "a dog,x"));
  EXPECT_TRUE(keeps_last_word("", "x"));
  EXPECT_FALSE(keeps_last_word("a dog", "a dogs"));
  EXPECT_FALSE(keeps_last_word("a dog", "a dog's"));
  EXPECT_FALSE(keeps_last_word("a caf", "a caf\xc3\xa9"));
  EXPECT_FALSE(keeps_last_word("a dog", "a dog"));
}

TEST(Words, AreTakenFromTheEnd) {
  EXPECT_EQ(without_last_word("a big dog"), "a big");
  EXPECT_EQ(without_last_word("a dog, ca"), "a dog,");
  EXPECT_EQ(without_last_word("dog"), "");
}

}  // namespace
}  // namespace kiloword
