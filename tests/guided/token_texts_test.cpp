// What a token adds to a text, against decoding the whole text.

#include "guided/token_texts.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <random>

namespace kiloword {
namespace {

namespace fs = std::filesystem;

/// Texts of random tokens, each decoded anew and by what its last token adds. Returns how many were both.
int compare_random_texts(const Tokenizer& tokenizer) {
  const TokenTexts texts(tokenizer);
  std::mt19937 random(5);
  int compared = 0;
  for (int sequence = 0; sequence < 2000; ++sequence) {
    std::vector<int32_t> ids;
    std::string before;
    bool before_is_known = false;
    for (int i = 0; i < 8; ++i) {
      // Bytes and control tokens, which depend on their neighbours, stand at the beginning of vocabularies.
      const auto range = static_cast<uint32_t>(i % 3 == 0 ? 300 : tokenizer.vocab_size());
      const auto id = static_cast<int32_t>(random() % range);
      const std::string* addition = texts.addition(id);
      ids.push_back(id);
      const std::string whole = tokenizer.decode(ids);
      if (addition != nullptr && before_is_known && !before.empty()) {
        EXPECT_EQ(before + *addition, whole) << "token " << id;
        ++compared;
      }
      before = whole;
      before_is_known = addition != nullptr;
    }
  }
  return compared;
}

TEST(TokenTexts, AreWhatDecodingGives) {
  const fs::path nano = fs::path(KILOWORD_SOURCE_DIR) / "models" / "nano-lm";
  EXPECT_GT(compare_random_texts(*load_tokenizer(nano)), 4000);
}

TEST(TokenTexts, AreWhatOtherTokenizersGive) {
  const fs::path shared = fs::path(KILOWORD_SHARED_DIR) / "tokenizers";
  if (!fs::exists(shared)) GTEST_SKIP() << shared << " is absent";
  EXPECT_GT(compare_random_texts(*load_tokenizer(shared / "gpt2")), 4000);
  for (const char* model : {"llama32k-bpe-bytefallback.model", "unigram1000-nfkc.model"}) {
    EXPECT_GT(compare_random_texts(*load_tokenizer(shared / "sentencepiece" / model)), 1000) << model;
  }
}

TEST(TokenTexts, PartsOfCharactersHaveNone) {
  const fs::path shared = fs::path(KILOWORD_SHARED_DIR) / "tokenizers";
  if (!fs::exists(shared)) GTEST_SKIP() << shared << " is absent";
  const std::unique_ptr<Tokenizer> gpt2 = load_tokenizer(shared / "gpt2");
  const TokenTexts texts(*gpt2);
  const std::vector<int32_t> cat = gpt2->encode("\xe7\x8c\xab");
  ASSERT_GT(cat.size(), 1U);
  for (const int32_t id : cat) EXPECT_EQ(texts.addition(id), nullptr);
  ASSERT_NE(texts.addition(gpt2->encode(" dog").front()), nullptr);
  EXPECT_EQ(*texts.addition(gpt2->encode(" dog").front()), " dog");
}

}  // namespace
}  // namespace kiloword
