// The files beside a vocabulary of CLIP's kind, and OpenCLIP's cleanings, against the references:
// scripts/goldens/clip_settings.py made the golden and says with what.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

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

const json& golden() {
  static const json kGolden = json::parse(std::ifstream(tiny_vocabulary("tiny_clip_settings.golden.json")));
  return kGolden;
}

void copy_vocabulary(const TemporaryFolder& folder) {
  for (const char* name : {"vocab.json", "merges.txt"})
    fs::copy_file(tiny_vocabulary("tiny_clip_hugging_face") / name, folder.path() / name);
}

/// The tokenizer.json that transformers saves of the same vocabulary.
json tokenizer_json() {
  const fs::path source = tiny_vocabulary("tiny_clip_added") / "tokenizer.json";
  json file = json::parse(std::ifstream(source));
  file["added_tokens"] = json::array();
  for (const char* name : {"<|startoftext|>", "<|endoftext|>"}) {
    const json& id = file["model"]["vocab"][name];
    file["added_tokens"].push_back({{"id", id}, {"content", name}, {"normalized", false}, {"special", true}});
  }
  return file;
}

TEST(ClipSettings, MarksAreTheFilesOwn) {
  ASSERT_GT(golden().at("cases").size(), 10U);
  for (const json& entry : golden().at("cases")) {
    const std::string name =
        entry.at("layout").get<std::string>() + ", " + entry.at("name").get<std::string>();
    const TemporaryFolder folder;
    if (entry.at("layout") == "vocab") {
      copy_vocabulary(folder);
    } else {
      folder.write("tokenizer.json", tokenizer_json().dump());
    }
    folder.write("tokenizer_config.json", entry.at("settings").dump());
    const auto tokenizer = load_tokenizer(folder.path());
    EXPECT_EQ(tokenizer->vocab_size(), entry.at("vocab_size")) << name;
    EXPECT_EQ(tokenizer->start_id(), entry.at("start_id")) << name;
    EXPECT_EQ(tokenizer->end_id(), entry.at("end_id")) << name;
    for (size_t i = 0; i < golden().at("texts").size(); ++i) {
      const std::string text = golden().at("texts")[i];
      EXPECT_EQ(tokenizer->encode(text), entry.at("ids")[i].get<std::vector<int32_t>>())
          << name << ": " << text;
    }
  }
}

TEST(ClipSettings, OpenClipCleansInThreeWays) {
  const std::vector<std::pair<const char*, TextCleaning>> cleanings{
      {"lower", TextCleaning::kRepaired},
      {"whitespace", TextCleaning::kOpenAiCased},
      {"canonicalize", TextCleaning::kOpenAiCanonical}};
  for (const auto& [name, cleaning] : cleanings) {
    for (const char* layout : {"tiny_clip", "tiny_clip_hugging_face"}) {
      const auto tokenizer = load_tokenizer(tiny_vocabulary(layout), cleaning);
      for (size_t i = 0; i < golden().at("cleaned_texts").size(); ++i) {
        const std::string text = golden().at("cleaned_texts")[i];
        EXPECT_EQ(tokenizer->encode(text), golden().at("cleaned").at(name)[i].get<std::vector<int32_t>>())
            << name << ": " << text;
      }
    }
  }
}

std::string error_of(const TemporaryFolder& folder) {
  try {
    load_tokenizer(folder.path());
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kModel);
    EXPECT_FALSE(error.remedy().empty());
    return error.message();
  }
  return "no error";
}

TEST(ClipSettings, LinkToNothingIsAnError) {
  const TemporaryFolder folder;
  copy_vocabulary(folder);
  fs::create_symlink(folder.path() / "nothing", folder.path() / "tokenizer_config.json");
  EXPECT_THROW(load_tokenizer(folder.path()), Error);
}

TEST(ClipSettings, AnotherClassIsRefused) {
  const TemporaryFolder folder;
  copy_vocabulary(folder);
  folder.write("tokenizer_config.json", R"({"tokenizer_class": "GPT2Tokenizer"})");
  EXPECT_EQ(error_of(folder),
            "tokenizer_class is 'GPT2Tokenizer', which is not supported with a vocabulary of CLIP's kind");
  folder.write("tokenizer_config.json", R"({"bos_token": "<nowhere>", "unk_token": "<|endoftext|>"})");
  EXPECT_EQ(error_of(folder), "no error");  // transformers adds it
}

/// transformers reads the rules of a file for a tokenizer of a general class, and only for one.
TEST(ClipSettings, RulesOfAFileCountForAGeneralClass) {
  const TemporaryFolder folder;
  const auto with = [&folder](const char* class_name, const json& file) {
    folder.write("tokenizer.json", file.dump());
    folder.write("tokenizer_config.json", json{{"tokenizer_class", class_name}}.dump());
    return error_of(folder);
  };
  const json usual = tokenizer_json();
  json cased = usual;
  cased["normalizer"]["normalizers"].erase(2);
  json bytes = usual;
  bytes["pre_tokenizer"] = {{"type", "ByteLevel"}, {"add_prefix_space", false}};
  for (const char* general : {"PreTrainedTokenizerFast", "TokenizersBackend"}) {
    EXPECT_EQ(with(general, usual), "no error");
    EXPECT_EQ(with(general, cased),
              "tokenizer.json changes texts in another way than CLIP's tokenizer, which is not supported");
    EXPECT_EQ(with(general, bytes),
              "tokenizer.json splits texts in another way than CLIP's tokenizer, which is not supported");
  }
  EXPECT_EQ(with("CLIPTokenizer", cased), "no error");
  EXPECT_EQ(with("CLIPTokenizerFast", bytes), "no error");
}

}  // namespace
}  // namespace kiloword
