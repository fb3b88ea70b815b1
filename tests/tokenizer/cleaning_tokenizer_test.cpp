#include "kiloword/tokenizer/cleaning_tokenizer.h"

#include <gtest/gtest.h>

#include "tokenizer/tiny_vocabulary.h"

namespace kiloword {
namespace {

TEST(CleanText, CanonicalForm) {
  const auto canonical = [](std::string_view text) { return clean_text(text, TextCleaning::kCanonical); };
  EXPECT_EQ(canonical("A photo of a Dog."), "a photo of a dog");
  EXPECT_EQ(canonical("  snow_ball --\t(big)!\n"), "snowball big");
  EXPECT_EQ(canonical("don't"), "dont");
  EXPECT_EQ(canonical("\u00c9CLAIR\u00a0\u2014 \u00ab1\u00bb"), "\u00e9clair \u2014 \u00ab1\u00bb");
  EXPECT_EQ(canonical("\xff!"), "\uFFFD");
  EXPECT_EQ(canonical(" .,;"), "");
  EXPECT_EQ(canonical(canonical("A_ b!")), canonical("A_ b!"));
}

TEST(CleanText, RepairedForm) {
  const auto repaired = [](std::string_view text) { return clean_text(text, TextCleaning::kRepaired); };
  EXPECT_EQ(repaired(" It\u2019s  \u201cFINE\u201d\t"), "it's \"fine\"");
  EXPECT_EQ(repaired("\uFEFF\uFB01ne \uFF21\uFF22\uFF11\x07"), "fine ab1");
  EXPECT_EQ(repaired("cafe\u0301 &amp;lt;b&gt;"), "caf\u00e9 <b>");
  EXPECT_EQ(repaired(repaired("A&amp;B\x1b[1m!")), "a&b!");
  EXPECT_EQ(clean_text("Snow_ball\u2019s &quot;big&quot;", TextCleaning::kRepairedCanonical),
            "snow balls big");
}

TEST(CleanText, LowerCaseAlone) {
  EXPECT_EQ(clean_text(" A-Dog! ", TextCleaning::kLower), " a-dog! ");
}

TEST(CleaningTokenizer, EncodesTheCleanedText) {
  const auto plain = load_tokenizer(testing::tiny_vocabulary("tiny_gpt2"));
  const CleaningTokenizer cleaning(load_tokenizer(testing::tiny_vocabulary("tiny_gpt2")),
                                   TextCleaning::kCanonical);
  EXPECT_EQ(cleaning.encode("The dog!"), plain->encode("the dog"));
  EXPECT_EQ(cleaning.vocab_size(), plain->vocab_size());
  EXPECT_EQ(cleaning.end_id(), plain->end_id());
  EXPECT_EQ(cleaning.piece(5), plain->piece(5));
  EXPECT_EQ(cleaning.decode(plain->encode("dog")), "dog");
}

}  // namespace
}  // namespace kiloword
