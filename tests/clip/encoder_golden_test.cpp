// The networks against code that others published, OpenAI's, OpenCLIP's and timm's:
// scripts/goldens/clip_towers.py and open_clip_towers.py made the goldens and say from what.

#include <gtest/gtest.h>

#include <algorithm>

#include "clip/model_folder.h"
#include "kiloword/clip/load_encoder.h"

namespace kiloword {
namespace {

using nlohmann::json;
using testing::ModelFolder;
using Vectors = std::vector<std::vector<float>>;

constexpr double kCosine = 0.99999;
constexpr double kValue = 1e-5;  // the two activations differ by more than 1e-3

const json& golden() {
  static const json kValues = [] {
    json values = json::parse(testing::data_file("golden.json"));
    const json open_clip = json::parse(testing::data_file("open_clip_golden.json"));
    for (const char* key : {"open_clip", "siglip", "siglip_tanh"}) values[key] = open_clip.at(key);
    return values;
  }();
  return kValues;
}

std::vector<std::string> golden_texts() {
  std::vector<std::string> texts;
  for (const json& text : golden()["texts"]) texts.push_back(text["text"]);
  return texts;
}

Embeddings as_embeddings(const Vectors& rows) {
  Embeddings result{static_cast<int64_t>(rows.size()), static_cast<int64_t>(rows[0].size()), {}};
  for (const auto& row : rows) result.values.insert(result.values.end(), row.begin(), row.end());
  return result;
}

void expect_equal(const Embeddings& got, const Vectors& expected, double cosine, double value) {
  ASSERT_EQ(got.rows, static_cast<int64_t>(expected.size()));
  ASSERT_EQ(got.dim, static_cast<int64_t>(expected[0].size()));
  EXPECT_GE(testing::smallest_cosine(got, expected), cosine);
  EXPECT_LE(testing::largest_difference(got, as_embeddings(expected)), value);
}

void expect_golden(ImageTextEncoder& model, const std::string& key, double cosine = kCosine,
                   double value = kValue) {
  ImageTextEncoder* encoder = &model;
  const Vectors images = golden()[key]["images"];
  std::vector<float> pixels;
  for (size_t i = 0; i < images.size(); ++i) {
    const auto one = testing::golden_pixels(static_cast<int>(i), encoder->preprocess().size_px);
    pixels.insert(pixels.end(), one.begin(), one.end());
  }
  expect_equal(encoder->encode_images(pixels, static_cast<int64_t>(images.size())), images, cosine, value);
  expect_equal(encoder->encode_texts(golden_texts()), golden()[key]["texts"], cosine, value);
  EXPECT_NEAR(encoder->logit_multiplier(), 25.7903F, 1e-3F);
}

void expect_golden(const ModelFolder& model, const std::string& key, const std::string& precision = "fp32",
                   double cosine = kCosine, double value = kValue) {
  expect_golden(*model.load(precision), key, cosine, value);
}

TEST(EncoderGolden, VisionTransformerWithQuickGelu) {
  expect_golden(ModelFolder("vit"), "vit");
}

TEST(EncoderGolden, VisionTransformerWithGelu) {
  const ModelFolder model("vit");
  json config = model.config();
  config["vision_config"]["hidden_act"] = "gelu";
  config["text_config"]["hidden_act"] = "gelu";
  model.write_config(config);
  expect_golden(model, "vit_gelu");
}

TEST(EncoderGolden, ModifiedResNet) {
  expect_golden(ModelFolder("resnet"), "resnet");
}

TEST(EncoderGolden, Bfloat16IsClose) {
  expect_golden(ModelFolder("vit"), "vit", "bf16", 0.999, 0.05);
  expect_golden(ModelFolder("resnet"), "resnet", "bf16", 0.99, 0.1);  // random convolutions amplify rounding
}

TEST(EncoderGolden, HuggingFaceNamesGiveTheSame) {
  const ModelFolder openai("vit");
  const ModelFolder hugging_face("vit");
  hugging_face.write("model.safetensors", testing::data_file("vit_hugging_face.safetensors"));
  expect_golden(hugging_face, "vit");
  const auto a = openai.load();
  const auto b = hugging_face.load();
  const auto pixels = testing::golden_pixels(2, 32);
  EXPECT_EQ(a->encode_images(pixels, 1).values, b->encode_images(pixels, 1).values);
  EXPECT_EQ(a->encode_texts(golden_texts()).values, b->encode_texts(golden_texts()).values);
}

TEST(EncoderGolden, OpenAisOwnFileNeedsNoConfiguration) {
  const ModelFolder model("tokenizer");
  model.write("ViT-tiny.pt", testing::data_file("openai.pt"));
  const auto encoder = load_image_text_encoder(model.path() / "ViT-tiny.pt", {"cpu", "fp32", 1});
  EXPECT_EQ(encoder->preprocess().size_px, 32);
  expect_golden(*encoder, "openai.pt");
}

TEST(EncoderGolden, OpenClip) {
  const ModelFolder model("open_clip");
  expect_golden(model, "open_clip");
  const PreprocessSpec spec = model.load()->preprocess();
  EXPECT_EQ(spec.size_px, 32);
  EXPECT_EQ(spec.std[0], 0.25F);
}

/// A folder as timm's are, whose config.json is not a CLIP model's, and one that names one file of it.
TEST(EncoderGolden, OpenClipBesideAnotherConfiguration) {
  const ModelFolder model("open_clip");
  model.write("config.json", R"({"architecture": "vit_tiny"})");
  model.write("model.safetensors", "");
  expect_golden(model, "open_clip");
  expect_golden(*load_image_text_encoder(model.path() / "open_clip_model.safetensors", {"cpu", "fp32", 1}),
                "open_clip");
}

TEST(EncoderGolden, Siglip) {
  const ModelFolder model("siglip");
  expect_golden(model, "siglip");
  EXPECT_FLOAT_EQ(model.load()->logit_bias().value_or(0), -10.0F);
  const PreprocessSpec spec = model.load()->preprocess();
  EXPECT_EQ(spec.mode, ResizeMode::kStretch);
  EXPECT_EQ(spec.mean[0], 0.5F);
  json config = model.config();
  for (const char* tower : {"vision_config", "text_config"}) config[tower].erase("hidden_act");
  model.write_config(config);
  expect_golden(model, "siglip_tanh");
}

TEST(EncoderGolden, SiglipUnderTimmsNamesGivesTheSame) {
  const ModelFolder hugging_face("siglip");
  const ModelFolder timm("siglip");
  timm.write("model.safetensors", testing::data_file("siglip_open_clip.safetensors"));
  const auto a = hugging_face.load();
  const auto b = timm.load();
  const auto pixels = testing::golden_pixels(2, 36);
  EXPECT_EQ(a->encode_images(pixels, 1).values, b->encode_images(pixels, 1).values);
  EXPECT_EQ(a->encode_texts(golden_texts()).values, b->encode_texts(golden_texts()).values);
}

TEST(EncoderGolden, SiglipCleansItsTexts) {
  const auto encoder = ModelFolder("siglip").load();
  const Embeddings clean = encoder->encode_texts({"a dog"});
  EXPECT_EQ(encoder->encode_texts({"  A  Dog!? "}).values, clean.values);
  EXPECT_EQ(encoder->growing_texts()->encode({"a dog"}).values, clean.values);
}

TEST(EncoderGolden, AnyDeclaredEndTokenPoolsAtTheSamePlace) {
  const ModelFolder model("vit");
  json config = model.config();
  config["text_config"]["eos_token_id"] = 513;
  config["text_config"]["bos_token_id"] = 512;
  model.write_config(config);
  expect_golden(model, "vit");
  config["text_config"].erase("eos_token_id");
  config["text_config"].erase("bos_token_id");
  model.write_config(config);
  expect_golden(model, "vit");
}

/// transformers frames texts as the tokenizer has it; the settings only tell where to pool.
TEST(EncoderGolden, TheTokenizerFramesTexts) {
  const ModelFolder model("vit");
  json config = model.config();
  config["text_config"]["eos_token_id"] = 513;
  config["text_config"]["bos_token_id"] = 0;
  model.write_config(config);
  expect_golden(model, "vit");
  config["text_config"]["eos_token_id"] = 5;
  model.write_config(config);
  EXPECT_EQ(
      model.load_error(),
      "the end token has the id 5 in the settings, 513 in the tokenizer, MODEL; use the tokenizer files "
      "that belong to this model");
}

TEST(EncoderGolden, TokenCounts) {
  const auto encoder = ModelFolder("vit").load();
  EXPECT_EQ(encoder->context_length(), 24);
  for (const json& text : golden()["texts"]) {
    const int count = encoder->count_tokens(text["text"]);
    EXPECT_EQ(std::min(count, 24), static_cast<int>(text["ids"].size())) << text["text"];
  }
  EXPECT_EQ(encoder->count_tokens(""), 2);
  EXPECT_GT(encoder->count_tokens(golden_texts().back()), 24);
}

}  // namespace
}  // namespace kiloword
