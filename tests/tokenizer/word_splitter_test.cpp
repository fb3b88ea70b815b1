#include "tokenizer/word_splitter.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/tiny_vocabulary.h"

namespace kiloword {
namespace {

using Words = std::vector<std::string_view>;

TEST(Gpt2Words, SpaceBelongsToTheWordBehindIt) {
  EXPECT_EQ(split_gpt2_words("a dog's 12 !?"), (Words{"a", " dog", "'s", " 12", " !?"}));
  EXPECT_EQ(split_gpt2_words("a   b"), (Words{"a", "  ", " b"}));
  EXPECT_EQ(split_gpt2_words("a\n\nb"), (Words{"a", "\n", "\n", "b"}));
  EXPECT_EQ(split_gpt2_words("a \t"), (Words{"a", " \t"}));
  EXPECT_EQ(split_gpt2_words(" "), (Words{" "}));
  EXPECT_EQ(split_gpt2_words(""), Words{});
}

TEST(Gpt2Words, TogetherAreTheText) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    const std::string text = testing::random_text(seed, 200);
    std::string joined;
    for (const std::string_view word : split_gpt2_words(text)) joined += word;
    EXPECT_EQ(joined, text) << "seed " << seed;
  }
}

TEST(ClipWords, LeaveOutSpaceAndSplitNumbers) {
  EXPECT_EQ(split_clip_words("a dog's 12 !?", /*ignore_case=*/true),
            (Words{"a", "dog", "'s", "1", "2", "!?"}));
  EXPECT_EQ(split_clip_words("x<|endoftext|>y", /*ignore_case=*/true), (Words{"x", "<|endoftext|>", "y"}));
  EXPECT_EQ(split_clip_words("x<|endoftext|>'s", /*ignore_case=*/false),
            (Words{"x", "<|", "endoftext", "|>'", "s"}));
  EXPECT_EQ(split_clip_words("!<|endoftext|>", /*ignore_case=*/true), (Words{"!<|", "endoftext", "|>"}));
  EXPECT_EQ(split_clip_words("\u0661\u00bd\u6771\u4eac", /*ignore_case=*/true),
            (Words{"\u0661", "\u00bd", "\u6771\u4eac"}));
}

}  // namespace
}  // namespace kiloword
