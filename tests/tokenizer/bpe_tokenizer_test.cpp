#include "tokenizer/bpe_tokenizer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/base/utf8.h"
#include "support/temporary_folder.h"
#include "tokenizer/tiny_vocabulary.h"

namespace kiloword {
namespace {

using Ids = std::vector<int32_t>;
using testing::tiny_vocabulary;

std::vector<std::filesystem::path> gpt2_vocabularies() {
  std::vector<std::filesystem::path> paths = {tiny_vocabulary("tiny_gpt2")};
  const std::filesystem::path real = std::filesystem::path(KILOWORD_SHARED_DIR) / "tokenizers" / "gpt2";
  if (std::filesystem::exists(real)) paths.push_back(real);
  return paths;
}

TEST(Gpt2Tokenizer, DecodeUndoesEncode) {
  for (const auto& path : gpt2_vocabularies()) {
    const auto tokenizer = load_tokenizer(path);
    for (unsigned seed = 0; seed < 100; ++seed) {
      const std::string text = testing::random_text(seed, 300);
      EXPECT_EQ(tokenizer->decode(tokenizer->encode(text)), text) << path << " seed " << seed;
    }
  }
}

TEST(Gpt2Tokenizer, InvalidUtf8IsReadAsReplacementCharacters) {
  const auto tokenizer = load_tokenizer(tiny_vocabulary("tiny_gpt2"));
  std::mt19937 random(1);
  for (int round = 0; round < 100; ++round) {
    std::string bytes(200, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    EXPECT_EQ(tokenizer->decode(tokenizer->encode(bytes)), to_valid_utf8(bytes));
  }
}

TEST(Gpt2Tokenizer, SpecialTokensInATextArePlainText) {
  const auto tokenizer = load_tokenizer(tiny_vocabulary("tiny_gpt2"));
  EXPECT_EQ(tokenizer->decode({tokenizer->end_id()}), "<|endoftext|>");
  for (const int32_t id : tokenizer->encode("<|endoftext|>")) EXPECT_NE(id, tokenizer->end_id());
}

TEST(Gpt2Tokenizer, HalfACharacterDecodesToTheReplacementCharacter) {
  const auto tokenizer = load_tokenizer(tiny_vocabulary("tiny_gpt2"));
  Ids ids = tokenizer->encode("\u6771");
  ASSERT_EQ(ids.size(), 3U);
  ids.pop_back();
  EXPECT_TRUE(is_valid_utf8(tokenizer->decode(ids)));
}

TEST(ClipTokenizer, DecodePutsASpaceBehindEachWord) {
  const auto tokenizer = load_tokenizer(tiny_vocabulary("tiny_clip"));
  EXPECT_EQ(tokenizer->decode(tokenizer->encode("The DOG's park")), "the dog 's park ");
}

TEST(ClipTokenizer, InvalidUtf8IsReadAsReplacementCharacters) {
  const auto tokenizer = load_tokenizer(tiny_vocabulary("tiny_clip"));
  EXPECT_EQ(tokenizer->encode("a\xff dog \xe6\x9d"), tokenizer->encode("a\ufffd dog \ufffd\ufffd"));
}

TEST(ClipTokenizer, PiecesAreTheVocabularysOwnSpelling) {
  const auto clip = load_tokenizer(tiny_vocabulary("tiny_clip"));
  EXPECT_EQ(clip->piece(clip->encode("dog").front()), "dog</w>");
  EXPECT_EQ(clip->piece(clip->start_id()), "<|startoftext|>");
  EXPECT_EQ(clip->piece(clip->end_id()), "<|endoftext|>");
  const auto gpt2 = load_tokenizer(tiny_vocabulary("tiny_gpt2"));
  EXPECT_EQ(gpt2->piece(gpt2->encode(" dog").front()), "\u0120dog");
}

TEST(BpeTokenizer, IdsOutsideTheVocabularyGiveNothing) {
  const auto tokenizer = load_tokenizer(tiny_vocabulary("tiny_clip"));
  for (const int32_t id : {-1, tokenizer->vocab_size(), INT32_MAX, INT32_MIN}) {
    EXPECT_EQ(tokenizer->piece(id), "");
    EXPECT_EQ(tokenizer->decode({id}), "");
  }
}

/// "abc" is made by two merges, and "abc"+"ab" comes before the second: both (ab, c) must be merged first.
TEST(BpeTokenizer, MergesAllOccurrencesOfAPairBeforeTheNextPair) {
  const testing::TemporaryFolder folder;
  folder.write("vocab.json", testing::byte_vocabulary({"ab", "bc", "abc", "abcab", "<|endoftext|>"}));
  folder.write("merges.txt", "#version: 0.2\na b\na bc\nabc ab\nab c\nb c\n");
  const auto tokenizer = load_tokenizer(folder.path());
  EXPECT_EQ(tokenizer->encode("abcabc"), (Ids{258, 258}));
}

TEST(BpeTokenizer, OverlappingPairsMergeFromTheLeft) {
  const testing::TemporaryFolder folder;
  folder.write("vocab.json", testing::byte_vocabulary({"aa", "aaaa"}));
  folder.write("merges.txt", "a a\naa aa\n");
  const auto tokenizer = load_tokenizer(folder.path());
  EXPECT_EQ(tokenizer->encode("aaaaaaa"), (Ids{257, 256, 'a'}));
  EXPECT_EQ(tokenizer->end_id(), -1);
}

/// Algorithm 1 of Sennrich et al. 2016, word for word: slow, and right where a vocabulary is odd.
Ids textbook_merge(const std::string& word, const std::vector<std::pair<int32_t, int32_t>>& merges,
                   const std::vector<int32_t>& results) {
  Ids ids(word.begin(), word.end());
  while (true) {
    size_t best = merges.size();
    for (size_t i = 0; i + 1 < ids.size(); ++i) {
      const auto rank =
          std::find(merges.begin(), merges.end(), std::make_pair(ids[i], ids[i + 1])) - merges.begin();
      best = std::min(best, static_cast<size_t>(rank));
    }
    if (best == merges.size()) return ids;
    Ids merged;
    for (size_t i = 0; i < ids.size(); ++i) {
      const bool here = i + 1 < ids.size() && std::make_pair(ids[i], ids[i + 1]) == merges[best];
      merged.push_back(here ? results[best] : ids[i]);
      if (here) ++i;
    }
    ids = std::move(merged);
  }
}

TEST(BpeTokenizer, EqualsTheTextbookWithRandomMerges) {
  std::mt19937 random(3);
  for (int round = 0; round < 60; ++round) {
    std::vector<std::string> pieces = {"a", "b", "c"};
    std::vector<std::string> added;
    std::vector<std::pair<std::string, std::string>> lines;
    while (lines.size() < 25) {
      const std::string left = pieces[random() % pieces.size()];
      const std::string right = pieces[random() % pieces.size()];
      if (left.size() + right.size() > 6) continue;
      if (std::find(lines.begin(), lines.end(), std::make_pair(left, right)) != lines.end()) continue;
      lines.emplace_back(left, right);
      if (std::find(pieces.begin(), pieces.end(), left + right) != pieces.end()) continue;
      pieces.push_back(left + right);
      added.push_back(left + right);
    }
    std::shuffle(lines.begin(), lines.end(), random);
    const testing::TemporaryFolder folder;
    folder.write("vocab.json", testing::byte_vocabulary(added));
    const auto id_of = [&added](const std::string& piece) {
      const auto found = std::find(added.begin(), added.end(), piece) - added.begin();
      return static_cast<int32_t>(piece.size() == 1 ? piece[0] : 256 + found);
    };
    std::string merges;
    std::vector<std::pair<int32_t, int32_t>> pairs;
    Ids results;
    for (const auto& [left, right] : lines) {
      merges.append(left).append(" ").append(right).append("\n");
      pairs.emplace_back(id_of(left), id_of(right));
      results.push_back(id_of(left + right));
    }
    folder.write("merges.txt", merges);
    const auto tokenizer = load_tokenizer(folder.path());
    for (int i = 0; i < 20; ++i) {
      std::string word;
      for (auto length = 1 + random() % 40; length > 0; --length) word += "abc"[random() % 3];
      EXPECT_EQ(tokenizer->encode(word), textbook_merge(word, pairs, results)) << word << "\n" << merges;
    }
  }
}

TEST(BpeTokenizer, AWordOfAMegabyteTakesLinearithmicTime) {
  for (const char* name : {"tiny_clip", "tiny_gpt2"}) {
    const auto tokenizer = load_tokenizer(tiny_vocabulary(name));
    for (const std::string unit : {"a", "the", "dogs", "!", "\u03c3"}) {
      std::string word;
      while (word.size() < 1'000'000) word += unit;
      const auto start = std::chrono::steady_clock::now();
      const Ids ids = tokenizer->encode(word);
      const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
      EXPECT_FALSE(ids.empty());
      EXPECT_LT(seconds.count(), 20.0) << name << " " << unit;  // quadratic time would be hours
    }
  }
}

TEST(BpeTokenizer, RefusesAnEndlessText) {
  const auto tokenizer = load_tokenizer(tiny_vocabulary("tiny_clip"));
  try {
    tokenizer->encode(std::string((size_t{16} << 20) + 1, 'a'));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    EXPECT_STREQ(error.what(), "text is longer than 16 MiB; split it");
  }
}

TEST(BpeTokenizer, ThreadsShareOne) {
  const auto tokenizer = load_tokenizer(tiny_vocabulary("tiny_gpt2"));
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (unsigned first = 0; first < 4; ++first) {
    threads.emplace_back([&tokenizer, &wrong, first] {
      for (unsigned seed = first * 50; seed < (first + 1) * 50; ++seed) {
        const std::string text = testing::random_text(seed, 100);
        if (tokenizer->decode(tokenizer->encode(text)) != text) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace kiloword
