// MetaCLIP 2 against transformers and OpenCLIP: scripts/goldens/metaclip2.py made the goldens and says from
// what.

#include <gtest/gtest.h>

#include "clip/model_folder.h"
#include "clip/open_clip_config.h"
#include "kiloword/base/error.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::ModelFolder;
using Vectors = std::vector<std::vector<float>>;

const fs::path kPieces = fs::path(KILOWORD_TESTS_DIR) / "tokenizer" / "data" / "tiny_xlm";
const fs::path kJson = fs::path(KILOWORD_TESTS_DIR) / "tokenizer" / "data" / "tiny_xlm_json";

const json& golden() {
  static const json kValues = json::parse(testing::data_file("metaclip2_golden.json"));
  return kValues;
}

void expect_golden(const ModelFolder& folder, const std::string& reference, double cosine,
                   const std::string& precision = "fp32") {
  const auto encoder = folder.load(precision);
  const auto expected = golden().at(reference).at("images").get<Vectors>();
  std::vector<float> pixels;
  for (size_t i = 0; i < expected.size(); ++i) {
    const auto one = testing::golden_pixels(static_cast<int>(i), encoder->preprocess().size_px);
    pixels.insert(pixels.end(), one.begin(), one.end());
  }
  const Embeddings images = encoder->encode_images(pixels, static_cast<int64_t>(expected.size()));
  EXPECT_GE(testing::smallest_cosine(images, expected), cosine);
  EXPECT_GE(testing::smallest_cosine(encoder->encode_texts(golden().at("texts")),
                                     golden().at(reference).at("texts")),
            cosine);
}

TEST(MetaClip2, EqualsTransformers) {
  expect_golden(ModelFolder("metaclip2", kPieces), "transformers", 0.999999);
  expect_golden(ModelFolder("metaclip2", kJson), "transformers", 0.999999);
}

TEST(MetaClip2, EqualsOpenClip) {
  expect_golden(ModelFolder("metaclip2_open_clip", kPieces), "open_clip", 0.999999);
  expect_golden(ModelFolder("metaclip2_open_clip", kJson), "open_clip", 0.999999);
}

TEST(MetaClip2, Bf16IsClose) {
  expect_golden(ModelFolder("metaclip2", kPieces), "transformers", 0.999, "bf16");
}

TEST(MetaClip2, GrowingTextsEqualWholeOnes) {
  const auto encoder = ModelFolder("metaclip2", kPieces).load();
  const auto growing = encoder->growing_texts();
  for (const char* text : {"a", "a photo", "a photo of the dog"}) {
    const std::vector<std::string> one{text};
    EXPECT_LE(testing::largest_difference(growing->encode(one), encoder->encode_texts(one)), 1e-5);
  }
}

TEST(MetaClip2, AnotherEndTokenThanTheTokenizersIsRefused) {
  const ModelFolder folder("metaclip2", kPieces);
  json config = folder.config();
  config["text_config"]["eos_token_id"] = 1;
  folder.write_config(config);
  EXPECT_NE(folder.load_error().find("the end token has the id 1 in the settings, 2 in the tokenizer"),
            std::string::npos)
      << folder.load_error();
}

TEST(MetaClip2, APieceFileOfAnotherKindIsRefused) {
  const ModelFolder folder("metaclip2", kPieces);
  fs::copy_file(kPieces.parent_path() / "tiny_bpe.model", folder.path() / "sentencepiece.bpe.model",
                fs::copy_options::overwrite_existing);
  EXPECT_NE(folder.load_error().find("not a SentencePiece model of XLM-R's kind"), std::string::npos)
      << folder.load_error();
}

/// OpenCLIP's settings of ViT-H-14-worldwide with `value` at `pointer`.
json settings_with(const std::string& pointer, const json& value) {
  json settings = json::parse(R"({"model_cfg": {"embed_dim": 1024,
    "vision_cfg": {"image_size": 224, "layers": 32, "width": 1280, "head_width": 80, "patch_size": 14},
    "text_cfg": {"hf_tokenizer_name": "facebook/xlm-v-base", "pool_type": "eos", "eos_id": 2, "context_length": 77,
                 "vocab_size": 901629, "width": 1024, "heads": 16, "layers": 24}}})");
  if (!pointer.empty()) settings[json::json_pointer(pointer)] = value;
  return settings;
}

ClipConfig read(const json& settings) {
  const testing::TemporaryFolder folder;
  return read_open_clip_config(folder.write("open_clip_config.json", settings.dump()));
}

std::string refusal(const std::string& pointer, const json& value) {
  try {
    read(settings_with("/model_cfg/text_cfg/" + pointer, value));
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(MetaClip2Config, OpenClipsSettings) {
  const ClipConfig config = read(settings_with("", {}));
  EXPECT_EQ(config.family, ClipFamily::kClip);
  EXPECT_TRUE(config.text.causal);
  EXPECT_TRUE(config.text.pools_at_own_end);
  EXPECT_EQ(config.text.cleaning, TextCleaning::kRepairedCased);
  EXPECT_EQ(config.text.eos_id, 2);
  EXPECT_EQ(config.text.vocab_size, 901629);
  EXPECT_EQ(config.vision.heads, 16);
  const std::string cleaning = "/model_cfg/text_cfg/tokenizer_kwargs";
  EXPECT_EQ(read(settings_with(cleaning, {{"clean", "canonicalize"}})).text.cleaning,
            TextCleaning::kRepairedCanonical);
}

TEST(MetaClip2Config, WhatIsNotPublishedIsRefusedByName) {
  EXPECT_NE(refusal("eos_id", -1).find("eos_id"), std::string::npos);
  EXPECT_NE(refusal("eos_id", 1e18).find("eos_id"), std::string::npos);
  EXPECT_NE(refusal("pool_type", "first").find("pool_type"), std::string::npos);
  EXPECT_NE(refusal("no_causal_mask", true).find("no_causal_mask"), std::string::npos);
  EXPECT_NE(refusal("tokenizer_kwargs", {{"clean", "lower"}}).find("clean"), std::string::npos);
  EXPECT_NE(refusal("tokenizer_kwargs", {{"strip_sep_token", true}}).find("strip_sep_token"),
            std::string::npos);
  EXPECT_NE(refusal("tokenizer_kwargs", {{"tokenizer_mode", "clips"}}).find("tokenizer_mode"),
            std::string::npos);
}

}  // namespace
}  // namespace kiloword
