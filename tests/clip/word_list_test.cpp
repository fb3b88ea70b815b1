#include "clip/word_list.h"

#include <gtest/gtest.h>

#include "kiloword/base/error.h"
#include "support/fuzz_corpus.h"

namespace kiloword {
namespace {

TEST(WordList, HoldsWordsAndTheirClasses) {
  const std::vector<HeadWord> words = parse_word_list("dog\tanimal\nman\tperson", "words.txt");
  ASSERT_EQ(words.size(), 2U);
  EXPECT_EQ(words[1].word, "man");
  EXPECT_EQ(words[1].word_class, "person");
}

TEST(WordList, RefusesWhatIsNoList) {
  for (const char* content : {"", "\n", "dog", "dog\t", "\tanimal", "Dog\tanimal", "a dog\tanimal",
                              "dog\tanimal\r\n", "dog\tanimal\ndog\tthing\n"}) {
    EXPECT_THROW(parse_word_list(content, "words.txt"), Error) << content;
  }
}

TEST(WordListFuzzCorpus, Replays) {
  EXPECT_GE(testing::replay_corpus("fuzz/corpus/word_list"), 5U);
}

}  // namespace
}  // namespace kiloword
