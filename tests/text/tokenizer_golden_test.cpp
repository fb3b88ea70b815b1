// What the reference tokenizers make of tricky strings; each golden file names its reference and version.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "kiloword/base/utf8.h"
#include "kiloword/text/tokenizer.h"

namespace kiloword {
namespace {

const std::filesystem::path kShared = KILOWORD_SHARED_DIR;

struct Case {
  std::string text;
  std::vector<int32_t> ids;
};

class TokenizerGolden : public testing::Test {
 protected:
  /// Loads both, or skips the test where the reference material is absent.
  void load(const std::string& vocabulary, const std::string& golden) {
    const auto golden_path = kShared / "goldens" / golden;
    const auto vocabulary_path = kShared / "tokenizers" / vocabulary;
    if (!std::filesystem::exists(golden_path) || !std::filesystem::exists(vocabulary_path)) {
      GTEST_SKIP() << "no reference tokenizers in " << kShared;
    }
    std::ifstream file(golden_path);
    const auto golden_cases = nlohmann::json::parse(file).at("cases");
    for (const auto& entry : golden_cases) {
      cases.push_back({entry.at("text"), entry.at("ids")});
    }
    ASSERT_GT(cases.size(), 100u);
    tokenizer = load_tokenizer(vocabulary_path);
  }

  void expect_golden_ids() const {
    for (const Case& c : cases) EXPECT_EQ(tokenizer->encode(c.text), c.ids) << c.text;
  }

  std::unique_ptr<Tokenizer> tokenizer;
  std::vector<Case> cases;
};

TEST_F(TokenizerGolden, ClipEqualsOpenAi) {
  load("clip", "tokenizer-clip.json");
  if (IsSkipped() || HasFatalFailure()) return;
  EXPECT_EQ(tokenizer->vocab_size(), 49408);
  EXPECT_EQ(tokenizer->start_id(), 49406);
  EXPECT_EQ(tokenizer->end_id(), 49407);
  expect_golden_ids();
}

TEST_F(TokenizerGolden, Gpt2EqualsTiktoken) {
  load("gpt2", "tokenizer-gpt2.json");
  if (IsSkipped() || HasFatalFailure()) return;
  EXPECT_EQ(tokenizer->vocab_size(), 50257);
  EXPECT_EQ(tokenizer->start_id(), -1);
  EXPECT_EQ(tokenizer->end_id(), 50256);
  expect_golden_ids();
  for (const Case& c : cases) EXPECT_EQ(tokenizer->decode(c.ids), c.text);
}

TEST_F(TokenizerGolden, SentencePieceBpeEqualsSpmEncode) {
  load("sentencepiece/llama32k-bpe-bytefallback.model", "tokenizer-sentencepiece-llama32k.json");
  if (IsSkipped() || HasFatalFailure()) return;
  EXPECT_EQ(tokenizer->vocab_size(), 32000);
  expect_golden_ids();
}

TEST_F(TokenizerGolden, SentencePieceUnigramEqualsSpmEncode) {
  load("sentencepiece/unigram1000-nfkc.model", "tokenizer-sentencepiece-unigram1000-nfkc.json");
  if (IsSkipped() || HasFatalFailure()) return;
  EXPECT_EQ(tokenizer->vocab_size(), 1000);
  expect_golden_ids();
}

}  // namespace
}  // namespace kiloword
