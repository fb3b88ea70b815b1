#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/base/utf8.h"
#include "kiloword/tokenizer/tokenizer.h"
#include "support/temporary_folder.h"
#include "tokenizer/tiny_vocabulary.h"

namespace kiloword {
namespace {

using testing::tiny_vocabulary;

/// With byte fallback and without normalisation nothing is lost, but for U+2581, which stands for the space.
TEST(SentencePiece, DecodeUndoesEncodeWithByteFallback) {
  std::vector<std::filesystem::path> models = {tiny_vocabulary("tiny_bpe.model")};
  const auto real =
      std::filesystem::path(KILOWORD_SHARED_DIR) / "tokenizers/sentencepiece/llama32k-bpe-bytefallback.model";
  if (std::filesystem::exists(real)) models.push_back(real);
  for (const auto& model : models) {
    const auto tokenizer = load_tokenizer(model);
    for (unsigned seed = 0; seed < 100; ++seed) {
      const std::string text = testing::random_text(seed, 300);
      if (text.find("\u2581") != std::string::npos) continue;
      EXPECT_EQ(tokenizer->decode(tokenizer->encode(text)), text) << model << " seed " << seed;
    }
  }
}

/// Without byte fallback identity holds for normalised text of known characters with single spaces.
TEST(SentencePiece, DecodeUndoesEncodeOfKnownCharacters) {
  const auto tokenizer = load_tokenizer(tiny_vocabulary("tiny_unigram.model"));
  std::ifstream sentences(tiny_vocabulary("sentences.txt"));
  int count = 0;
  for (std::string line; std::getline(sentences, line); ++count) {
    EXPECT_EQ(tokenizer->decode(tokenizer->encode(line)), line);
  }
  EXPECT_GT(count, 10);
}

TEST(SentencePiece, NormalisesByTheModelsCharacterMap) {
  const auto tokenizer = load_tokenizer(tiny_vocabulary("tiny_unigram.model"));
  EXPECT_EQ(tokenizer->encode("\uFF21 \ufb01re"), tokenizer->encode("A fire"));
  EXPECT_EQ(tokenizer->encode("A\u00a0fire"), tokenizer->encode("A fire"));
}

TEST(SentencePiece, Pieces) {
  const auto tokenizer = load_tokenizer(tiny_vocabulary("tiny_unigram.model"));
  EXPECT_EQ(tokenizer->piece(0), "<unk>");
  EXPECT_EQ(tokenizer->piece(tokenizer->start_id()), "<s>");
  EXPECT_EQ(tokenizer->piece(tokenizer->end_id()), "</s>");
  EXPECT_EQ(tokenizer->piece(tokenizer->encode("a").front()), "\u2581a");
}

TEST(SentencePiece, IdsOutsideTheVocabularyGiveNothing) {
  const auto tokenizer = load_tokenizer(tiny_vocabulary("tiny_unigram.model"));
  for (const int32_t id : {-1, tokenizer->vocab_size(), INT32_MAX, INT32_MIN}) {
    EXPECT_EQ(tokenizer->piece(id), "");
    EXPECT_EQ(tokenizer->decode({id}), "");
  }
}

TEST(SentencePiece, InvalidUtf8IsReadAsReplacementCharacters) {
  const auto tokenizer = load_tokenizer(tiny_vocabulary("tiny_bpe.model"));
  EXPECT_EQ(tokenizer->encode("a\xff dog \xe6\x9d"), tokenizer->encode("a\ufffd dog \ufffd\ufffd"));
  EXPECT_TRUE(tokenizer->encode("").empty());
  const std::string with_nul("a\0b", 3);
  EXPECT_EQ(tokenizer->decode(tokenizer->encode(with_nul)), with_nul);
}

TEST(SentencePiece, RefusesAnEndlessText) {
  const auto tokenizer = load_tokenizer(tiny_vocabulary("tiny_unigram.model"));
  try {
    tokenizer->encode(std::string((size_t{1} << 20) + 1, 'a'));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    EXPECT_STREQ(error.what(), "text is longer than 1 MiB; split it");
  }
}

/// Threads that the plug-in's own C library did not start load models in it and use them.
TEST(SentencePiece, ThreadsShareOne) {
  const auto shared = load_tokenizer(tiny_vocabulary("tiny_bpe.model"));
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (unsigned first = 0; first < 4; ++first) {
    threads.emplace_back([&shared, &wrong, first] {
      const auto own = load_tokenizer(tiny_vocabulary("tiny_bpe.model"));
      for (unsigned seed = first * 25; seed < (first + 1) * 25; ++seed) {
        const std::string text = testing::random_text(seed, 100);
        if (shared->encode(text) != own->encode(text)) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace kiloword
