#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/tokenizer/tokenizer.h"
#include "support/temporary_folder.h"
#include "tokenizer/tiny_vocabulary.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;
using testing::TemporaryFolder;
using testing::tiny_vocabulary;

constexpr const char* kExpected =
    "; expected tokenizer.model, spiece.model, sentencepiece.bpe.model, vocab.json with merges.txt, "
    "tokenizer.json, or "
    "bpe_simple_vocab_16e6.txt.gz";

void expect_error(const fs::path& path, const std::string& what) {
  try {
    load_tokenizer(path);
    FAIL() << "no error, expected: " << what;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kModel);
    EXPECT_EQ(error.what(), what);
  }
}

TEST(LoadTokenizer, TakesFilesByTheirKind) {
  EXPECT_EQ(
      load_tokenizer(tiny_vocabulary("tiny_clip/bpe_simple_vocab_16e6.txt.gz"))->encode("the dog").size(),
      2U);
  EXPECT_EQ(load_tokenizer(tiny_vocabulary("tiny_unigram.model"))->vocab_size(), 142);
}

TEST(LoadTokenizer, FindsASentencePieceModelInAFolderByName) {
  for (const char* name : {"tokenizer.model", "spiece.model", "other.model"}) {
    const TemporaryFolder folder;
    fs::copy_file(tiny_vocabulary("tiny_unigram.model"), folder.path() / name);
    folder.write("config.json", "{}");
    EXPECT_EQ(load_tokenizer(folder.path())->vocab_size(), 142) << name;
  }
}

TEST(LoadTokenizer, PrefersTheNamedModelToOthers) {
  const TemporaryFolder folder;
  fs::copy_file(tiny_vocabulary("tiny_unigram.model"), folder.path() / "tokenizer.model");
  fs::copy_file(tiny_vocabulary("tiny_bpe.model"), folder.path() / "another.model");
  EXPECT_EQ(load_tokenizer(folder.path())->vocab_size(), 142);
}

/// The tokens of tiny_clip_added as transformers 4 writes them beside vocab.json and merges.txt.
TEST(LoadTokenizer, TakesAddedTokensBesideAVocabulary) {
  const std::string source = tiny_vocabulary("tiny_clip_hugging_face");
  const auto copy = [&source](const TemporaryFolder& folder) {
    for (const char* name : {"vocab.json", "merges.txt"})
      fs::copy_file(fs::path(source) / name, folder.path() / name);
  };
  const TemporaryFolder decoder;
  copy(decoder);
  decoder.write("tokenizer_config.json", R"({"added_tokens_decoder": {
    "0": {"content": "!", "normalized": false, "special": true},
    "574": {"content": "<|startoftext|>", "normalized": false, "special": true},
    "576": {"content": "<sks>", "normalized": false, "special": false}}})");
  const auto tokenizer = load_tokenizer(decoder.path());
  EXPECT_EQ(tokenizer->vocab_size(), 577);
  EXPECT_EQ(tokenizer->encode("<sks>!"), (std::vector<int32_t>{576, 0}));
  EXPECT_EQ(tokenizer->piece(576), "<sks>");

  const TemporaryFolder numbered;
  copy(numbered);
  numbered.write("special_tokens_map.json",
                 R"({"pad_token": "!", "bos_token": {"content": "<|startoftext|>"}})");
  numbered.write("added_tokens.json", R"({"<SKS>": 576})");
  EXPECT_EQ(load_tokenizer(numbered.path())->encode("<sks>!"), (std::vector<int32_t>{576, 0}));
  numbered.write("added_tokens.json", "[]");
  expect_error(numbered.path(), "not a JSON object, " + (numbered.path() / "added_tokens.json").string() +
                                    "; download the tokenizer files again");
}

TEST(LoadTokenizer, TellsTheFlavourOfBpeFromItsPieces) {
  EXPECT_GE(load_tokenizer(tiny_vocabulary("tiny_clip_hugging_face"))->start_id(), 0);
  EXPECT_EQ(load_tokenizer(tiny_vocabulary("tiny_gpt2"))->start_id(), -1);
}

TEST(LoadTokenizer, BothLayoutsOfClipGiveTheSame) {
  const auto openai = load_tokenizer(tiny_vocabulary("tiny_clip"));
  const auto hugging_face = load_tokenizer(tiny_vocabulary("tiny_clip_hugging_face"));
  ASSERT_EQ(openai->vocab_size(), hugging_face->vocab_size());
  for (int32_t id = 0; id < openai->vocab_size(); ++id) EXPECT_EQ(openai->piece(id), hugging_face->piece(id));
}

TEST(LoadTokenizer, RefusesAnAmbiguousFolder) {
  const TemporaryFolder folder;
  folder.write("b.model", "");
  folder.write("a.model", "");
  expect_error(folder.path(), "several SentencePiece models: a.model, b.model, " + folder.path().string() +
                                  "; name one of these files instead");
  folder.write("c.model", "");
  expect_error(folder.path(), "several SentencePiece models: a.model, b.model, ..., " +
                                  folder.path().string() + "; name one of these files instead");
}

TEST(LoadTokenizer, SaysWhatIsMissing) {
  const TemporaryFolder folder;
  const std::string path = folder.path().string();
  expect_error(folder.path(), "no tokenizer found, " + path + kExpected);
  expect_error(folder.path() / "absent", "no such file or folder, " + path + "/absent" + kExpected);
  folder.write("vocab.json", "{}");
  expect_error(folder.path(), "merges.txt is missing beside vocab.json, " + path +
                                  "/merges.txt; download the tokenizer files again");
  expect_error(folder.path() / "vocab.json", "not a tokenizer file, " + path + "/vocab.json" + kExpected);
}

}  // namespace
}  // namespace kiloword
