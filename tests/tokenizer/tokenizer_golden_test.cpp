// What the reference tokenizers make of tricky strings; each golden file names its reference and version.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "kiloword/tokenizer/tokenizer.h"
#include "tokenizer/repair_text.h"
#include "tokenizer/tiny_vocabulary.h"

namespace kiloword {
namespace {

const std::filesystem::path kShared = KILOWORD_SHARED_DIR;

struct Golden {
  const char* name;
  std::filesystem::path tokenizer;
  std::filesystem::path cases;
  int32_t vocab_size;
  int32_t start_id;
  int32_t end_id;
  bool without_repair = false;
};

std::ostream& operator<<(std::ostream& out, const Golden& golden) {
  return out << golden.name;
}

class TokenizerGolden : public ::testing::TestWithParam<Golden> {};

TEST_P(TokenizerGolden, IdsEqualTheReference) {
  const Golden& golden = GetParam();
  if (!std::filesystem::exists(golden.cases)) GTEST_SKIP() << golden.cases << " is absent";
  std::ifstream file(golden.cases);
  const auto cases = nlohmann::json::parse(file).at("cases");
  ASSERT_GT(cases.size(), 10U);
  const std::unique_ptr<Tokenizer> tokenizer = load_tokenizer(golden.tokenizer);
  EXPECT_EQ(tokenizer->vocab_size(), golden.vocab_size);
  EXPECT_EQ(tokenizer->start_id(), golden.start_id);
  EXPECT_EQ(tokenizer->end_id(), golden.end_id);
  for (const auto& entry : cases) {
    const std::string text = entry.at("text");
    // Made without ftfy: what it repairs is in the goldens of the small vocabulary.
    if (golden.without_repair && repair_text(text) != text) continue;
    EXPECT_EQ(tokenizer->encode(text), entry.at("ids").get<std::vector<int32_t>>()) << entry.at("text");
  }
}

std::filesystem::path reference_tokenizer(const char* name) {
  return kShared / "tokenizers" / name;
}
std::filesystem::path reference_cases(const char* name) {
  return kShared / "goldens" / name;
}
std::filesystem::path tiny(const char* name) {
  return testing::tiny_vocabulary(name);
}

INSTANTIATE_TEST_SUITE_P(
    All, TokenizerGolden,
    ::testing::Values(
        Golden{"Clip", reference_tokenizer("clip"), reference_cases("tokenizer-clip.json"), 49408, 49406,
               49407, /*without_repair=*/true},
        Golden{"Gpt2", reference_tokenizer("gpt2"), reference_cases("tokenizer-gpt2.json"), 50257, -1, 50256},
        Golden{"Llama", reference_tokenizer("sentencepiece/llama32k-bpe-bytefallback.model"),
               reference_cases("tokenizer-sentencepiece-llama32k.json"), 32000, 1, 2},
        Golden{"Unigram", reference_tokenizer("sentencepiece/unigram1000-nfkc.model"),
               reference_cases("tokenizer-sentencepiece-unigram1000-nfkc.json"), 1000, 1, 2},
        Golden{"TinyClip", tiny("tiny_clip"), tiny("tiny_clip.golden.json"), 576, 574, 575},
        Golden{"TinyClipHuggingFace", tiny("tiny_clip_hugging_face"),
               tiny("tiny_clip_hugging_face.golden.json"), 576, 574, 575},
        Golden{"TinyClipAdded", tiny("tiny_clip_added"), tiny("tiny_clip_added.golden.json"), 581, 574, 575},
        Golden{"TinyGpt2", tiny("tiny_gpt2"), tiny("tiny_gpt2.golden.json"), 392, -1, 391},
        Golden{"TinyUnigram", tiny("tiny_unigram.model"), tiny("tiny_unigram.golden.json"), 142, 1, 2},
        Golden{"TinyUnigramJson", tiny("tiny_unigram_json"), tiny("tiny_unigram_json.golden.json"), 142, 1,
               2},
        Golden{"TinyXlm", tiny("tiny_xlm"), tiny("tiny_xlm.golden.json"), 144, 0, 2},
        Golden{"TinyXlmFile", tiny("tiny_xlm/sentencepiece.bpe.model"), tiny("tiny_xlm.golden.json"), 144, 0,
               2},
        Golden{"TinyXlmJson", tiny("tiny_xlm_json"), tiny("tiny_xlm.golden.json"), 144, 0, 2},
        Golden{"TinyBpe", tiny("tiny_bpe.model"), tiny("tiny_bpe.golden.json"), 400, -1, 2}),
    [](const ::testing::TestParamInfo<Golden>& instance) { return instance.param.name; });

}  // namespace
}  // namespace kiloword
