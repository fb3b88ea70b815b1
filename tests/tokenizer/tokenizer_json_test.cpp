// tokenizer.json against vocab.json + merges.txt, whose reader is compared with the reference tokenizers.

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "kiloword/base/error.h"
#include "kiloword/tokenizer/tokenizer.h"
#include "support/temporary_folder.h"
#include "tokenizer/tiny_vocabulary.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::TemporaryFolder;
using testing::tiny_vocabulary;

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The same vocabulary as Hugging Face's fast tokenizers write it; merges as pairs or as texts.
json as_tokenizer_json(const std::filesystem::path& folder, bool pairs) {
  json merges = json::array();
  std::istringstream lines(content_of(folder / "merges.txt"));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.rfind("#version", 0) == 0) continue;
    const size_t space = line.find(' ');
    if (pairs) {
      merges.push_back({line.substr(0, space), line.substr(space + 1)});
    } else {
      merges.push_back(line);
    }
  }
  json vocab = json::parse(content_of(folder / "vocab.json"));
  json added = json::array();
  for (const char* name : {"<|startoftext|>", "<|endoftext|>"}) {
    if (!vocab.contains(name)) continue;
    added.push_back({{"id", vocab[name]}, {"content", name}, {"special", true}});
    if (!pairs) vocab.erase(name);  // some writers leave special pieces out of the vocabulary
  }
  return {{"version", "1.0"},
          {"truncation", nullptr},
          {"pre_tokenizer", {{"type", "ByteLevel"}}},
          {"added_tokens", added},
          {"model", {{"type", "BPE"}, {"byte_fallback", false}, {"vocab", vocab}, {"merges", merges}}}};
}

void expect_same(const std::filesystem::path& source) {
  const auto expected = load_tokenizer(source);
  for (const bool pairs : {false, true}) {
    const TemporaryFolder folder;
    folder.write("tokenizer.json", as_tokenizer_json(source, pairs).dump());
    const auto read = load_tokenizer(folder.path());
    EXPECT_EQ(read->vocab_size(), expected->vocab_size());
    EXPECT_EQ(read->start_id(), expected->start_id());
    EXPECT_EQ(read->end_id(), expected->end_id());
    for (const char* text : {"the dog", "The caf\u00e9's 12 dogs!", "  a\tb\n ", "\U0001F600 x"})
      EXPECT_EQ(read->encode(text), expected->encode(text)) << text;
  }
}

TEST(TokenizerJson, EqualsVocabularyAndMerges) {
  expect_same(tiny_vocabulary("tiny_clip_hugging_face"));
  expect_same(tiny_vocabulary("tiny_gpt2"));
}

TEST(TokenizerJson, FullGpt2Vocabulary) {
  const std::filesystem::path gpt2 = std::filesystem::path(KILOWORD_SHARED_DIR) / "tokenizers" / "gpt2";
  if (!std::filesystem::exists(gpt2)) GTEST_SKIP() << gpt2 << " is absent";
  expect_same(gpt2);
}

std::string error_of(const std::string& content) {
  const TemporaryFolder folder;
  const std::string path = folder.write("tokenizer.json", content).string();
  try {
    load_tokenizer(folder.path());
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kModel);
    EXPECT_EQ(error.where().substr(0, path.size()), path);
    return error.message();
  }
  return "no error";
}

std::string error_with(const char* pointer, const json& value) {
  json whole = as_tokenizer_json(tiny_vocabulary("tiny_gpt2"), true);
  whole[json::json_pointer(pointer)] = value;
  return error_of(whole.dump());
}

TEST(TokenizerJson, HostileFiles) {
  EXPECT_EQ(error_of(""), "not a JSON object of a tokenizer");
  EXPECT_EQ(error_of("[]"), "not a JSON object of a tokenizer");
  EXPECT_EQ(error_of(std::string(100000, '[')), "not a JSON object of a tokenizer");
  EXPECT_EQ(error_of("{}"), "tokenizer.json has no model");
  EXPECT_EQ(error_of(R"({"model": {"type": "BPE"}})"), "tokenizer.json has no vocab");
  EXPECT_EQ(error_with("/model/type", "Unigram"), "tokenizer.json has a vocabulary that is not a list");
  EXPECT_EQ(error_with("/model/type", "WordPiece"),
            "tokenizer.json holds a vocabulary that is not supported: 'WordPiece'");
  EXPECT_EQ(error_with("/model/byte_fallback", true), "tokenizer.json does not turn spaces into \u2581");
  EXPECT_EQ(error_with("/model/vocab", json::array()),
            "tokenizer.json has a vocabulary that is not an object of pieces and ids");
  EXPECT_EQ(error_with("/model/vocab/a", -1),
            "tokenizer.json has the piece 'a' whose id is not a whole number");
  EXPECT_EQ(error_with("/model/vocab/a", 1000000).substr(0, 30), "id 1000000 of the piece 'a' is");
  EXPECT_EQ(error_with("/model/merges", "a b"), "tokenizer.json has merges that are not a list");
  EXPECT_EQ(error_with("/model/merges/0", "a b c"), "tokenizer.json has merge 1, which is not two pieces");
  EXPECT_EQ(error_with("/model/merges/0", json::array({"a"})),
            "tokenizer.json has merge 1, which is not two pieces");
  EXPECT_EQ(error_with("/added_tokens", json::array({7})),
            "tokenizer.json has an added token without content or id");
  EXPECT_EQ(error_with("/added_tokens", "no list"),
            "tokenizer.json has an added token without content or id");
}

TEST(TokenizerJson, HostileUnigram) {
  const json whole =
      json::parse(content_of(fs::path(tiny_vocabulary("tiny_unigram_json")) / "tokenizer.json"));
  const auto error_of_unigram = [&whole](const std::string& pointer, const json& value) {
    json changed = whole;
    changed[json::json_pointer(pointer)] = value;
    return error_of(changed.dump());
  };
  EXPECT_EQ(error_of_unigram("/model/unk_id", 9999), "tokenizer.json has no unk_id");
  EXPECT_EQ(error_of_unigram("/model/unk_id", nullptr), "tokenizer.json has no unk_id");
  EXPECT_EQ(error_of_unigram("/model/vocab/5", "a"),
            "tokenizer.json has a piece that is not a text with a score");
  EXPECT_EQ(error_of_unigram("/model/vocab/5/1", "a"),
            "tokenizer.json has a piece that is not a text with a score");
  EXPECT_EQ(error_of_unigram("/added_tokens/0/id", 1000),
            "tokenizer.json has added tokens with a gap before the id 1000");
  EXPECT_EQ(error_of_unigram("/added_tokens/0", 7),
            "tokenizer.json has an added token without content or id");
  EXPECT_EQ(error_of_unigram("/normalizer/normalizers/0/precompiled_charsmap", "!"),
            "tokenizer.json has a character map that is not in base 64");
  EXPECT_EQ(error_of_unigram("/normalizer/normalizers/0/precompiled_charsmap", "AAAA"),
            "its character map is corrupt");
  EXPECT_EQ(error_of_unigram("/normalizer/normalizers/0/type", "Lowercase"),
            "tokenizer.json treats texts in a way that is not supported: Lowercase");
  EXPECT_EQ(error_of_unigram("/pre_tokenizer/type", "ByteLevel"),
            "tokenizer.json treats texts in a way that is not supported: ByteLevel");
  EXPECT_EQ(error_of_unigram("/pre_tokenizer/split", false),
            "tokenizer.json treats texts in a way that is not supported: Metaspace without splitting");
  EXPECT_EQ(error_of_unigram("/model/byte_fallback", true),
            "a vocabulary with byte_fallback that lacks the piece <0x00>");
}

/// `whole` with the changes of `rules`, as scripts/goldens/unigram_json.py made them.
json with_rules(json whole, const json& rules, const json& added) {
  json& vocabulary = whole["model"]["vocab"];
  for (const auto& [pointer, value] : rules.items()) {
    if (pointer == "added") {
      const size_t first = vocabulary.size();
      for (size_t i = 0; i < added.size(); ++i) {
        whole["added_tokens"].push_back(added[i]);
        whole["added_tokens"].back()["id"] = first + i;
      }
    } else if (pointer == "bytes") {
      whole["model"]["byte_fallback"] = true;
      for (int byte = 0; byte < 256; ++byte) {
        std::array<char, 8> name{};
        std::snprintf(name.data(), name.size(), "<0x%02X>", static_cast<unsigned>(byte));
        vocabulary.push_back({name.data(), -10.0});
      }
    } else if (pointer == "/normalizer/normalizers") {
      json& list = whole["normalizer"]["normalizers"];
      list.erase(list.begin() + value.get<int>(), list.end());
    } else {
      whole[json::json_pointer(pointer)] = value;
    }
  }
  return whole;
}

TEST(TokenizerJson, UnigramFollowsTheRulesOfItsFile) {
  const fs::path whole = fs::path(tiny_vocabulary("tiny_unigram_json")) / "tokenizer.json";
  const json golden = json::parse(content_of(tiny_vocabulary("tiny_unigram_rules.golden.json")));
  for (const json& rules : golden["cases"]) {
    const TemporaryFolder folder;
    const fs::path path = folder.write(
        "tokenizer.json", with_rules(json::parse(content_of(whole)), rules["rules"], golden["added"]).dump());
    const auto tokenizer = load_tokenizer(path);
    for (size_t i = 0; i < golden["texts"].size(); ++i) {
      EXPECT_EQ(json(tokenizer->encode(golden["texts"][i].get<std::string>())), rules["ids"][i])
          << rules["name"] << ": \"" << golden["texts"][i].get<std::string>() << '"';
    }
  }
}

}  // namespace
}  // namespace kiloword
