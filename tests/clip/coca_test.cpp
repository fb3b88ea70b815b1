// CoCa's towers against OpenCLIP's: scripts/goldens/coca_towers.py made the goldens and says from what.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>

#include "clip/model_folder.h"
#include "clip/open_clip_config.h"
#include "kiloword/base/error.h"
#include "kiloword/guided/beam_search.h"

namespace kiloword {
namespace {

using nlohmann::json;
using testing::ModelFolder;
using Vectors = std::vector<std::vector<float>>;

constexpr double kEqual = 0.999999;

const json& golden() {
  static const json kGolden = json::parse(testing::data_file("coca_golden.json"));
  return kGolden;
}

std::vector<float> golden_images() {
  std::vector<float> pixels;
  for (size_t i = 0; i < golden().at("images").size(); ++i) {
    const auto one = testing::golden_pixels(static_cast<int>(i), golden().at("side"));
    pixels.insert(pixels.end(), one.begin(), one.end());
  }
  return pixels;
}

void expect_golden(ImageTextEncoder& encoder, double least) {
  const auto images = golden().at("images").get<Vectors>();
  const Embeddings encoded = encoder.encode_images(golden_images(), static_cast<int64_t>(images.size()));
  EXPECT_GE(testing::smallest_cosine(encoded, images), least);
  const auto texts = golden().at("texts").get<std::vector<std::string>>();
  EXPECT_GE(testing::smallest_cosine(encoder.encode_texts(texts), golden().at("text").get<Vectors>()), least);
}

TEST(Coca, EqualsOpenClip) {
  const auto encoder = ModelFolder("coca").load();
  EXPECT_EQ(encoder->context_length(), 32);
  EXPECT_EQ(encoder->preprocess().size_px, 32);
  expect_golden(*encoder, kEqual);
}

TEST(Coca, Bf16AndInt8AreClose) {
  expect_golden(*ModelFolder("coca").load("bf16"), 0.998);
  expect_golden(*ModelFolder("coca").load("int8"), 0.99);
}

TEST(Coca, GrowingTextsEqualWholeOnes) {
  const auto encoder = ModelFolder("coca").load();
  const auto growing = encoder->growing_texts();
  std::string text = "a";
  for (const char* more : {"!", "?", " d", "og", " with a tail that is longer than the context has places"}) {
    const std::vector<std::string> texts{text + more, text, "a b"};
    EXPECT_LT(testing::largest_difference(growing->encode(texts), encoder->encode_texts(texts)), 1e-6)
        << text;
    text += more;
  }
}

TEST(Coca, ATextsEmbeddingDoesNotDependOnItsCall) {
  const auto encoder = ModelFolder("coca").load();
  std::vector<std::string> texts;
  for (char letter = 'a'; letter <= 'z'; ++letter) {
    for (const char* behind : {"", " dog", "!?", " !!? b"}) texts.push_back(letter + std::string(behind));
  }
  const Embeddings together = encoder->encode_texts(texts);
  for (const size_t i : {size_t{0}, size_t{50}, texts.size() - 1}) {
    EXPECT_EQ(
        testing::largest_difference(encoder->encode_texts({texts[i]}), together, static_cast<int64_t>(i)), 0)
        << texts[i];
  }
}

/// The golden script's variants of an image: x, -x, x / 2 and x * x - 1 / 2.
std::vector<float> variants(const std::vector<float>& pixels) {
  const std::vector<std::function<float(float)>> kinds{[](float x) { return x; }, [](float x) { return -x; },
                                                       [](float x) { return x / 2; },
                                                       [](float x) { return x * x - 0.5F; }};
  std::vector<float> all;
  for (const auto& kind : kinds) std::transform(pixels.begin(), pixels.end(), std::back_inserter(all), kind);
  return all;
}

/// Token ids of the descriptions of the variants of all golden images.
std::vector<std::vector<int32_t>> written(ImageTextEncoder& encoder) {
  DescriptionModel& model = *encoder.description_model();
  const OutputRules rules({});
  const BeamSearch search(model, rules, {});
  std::vector<std::vector<int32_t>> texts;
  for (int image = 0; image < static_cast<int>(golden().at("images").size()); ++image) {
    const Embeddings rows =
        encoder.encode_images(variants(testing::golden_pixels(image, golden().at("side"))), 4);
    for (int64_t i = 0; i < rows.rows; ++i) {
      const Description best = search.describe(rows.findings.data() + i * rows.finding_count).front();
      std::vector<int32_t>& ids = texts.emplace_back();
      for (const DescribedToken& token : best.tokens) ids.push_back(token.id);
    }
  }
  return texts;
}

TEST(Coca, WritesWhatOpenClipWrites) {
  const auto encoder = ModelFolder("coca").load();
  const auto expected = golden().at("generated").get<std::vector<std::vector<int32_t>>>();
  std::set<size_t> lengths;
  for (const auto& ids : expected) lengths.insert(ids.size());
  EXPECT_GT(lengths.size(), 2U) << "texts that end of themselves";
  EXPECT_EQ(written(*encoder), expected);
}

TEST(Coca, FindingsChangeNoEmbedding) {
  const auto encoder = ModelFolder("coca").load();
  const auto count = static_cast<int64_t>(golden().at("images").size());
  const Embeddings before = encoder->encode_images(golden_images(), count);
  EXPECT_EQ(before.finding_count, 0);
  ASSERT_NE(encoder->description_model(), nullptr);
  EXPECT_EQ(encoder->description_model(), encoder->description_model());
  const Embeddings after = encoder->encode_images(golden_images(), count);
  EXPECT_EQ(after.finding_count, 5 * 16);
  EXPECT_LT(testing::largest_difference(before, after), 1e-6);
  EXPECT_EQ(ModelFolder("vit").load()->description_model(), nullptr);
}

/// What loading says with `value` at `pointer` of the model's settings.
std::string load_error(const std::string& pointer, const json& value) {
  const ModelFolder model("coca");
  json settings = json::parse(model.read("open_clip_config.json"));
  settings[json::json_pointer("/model_cfg/" + pointer)] = value;
  model.write("open_clip_config.json", settings.dump());
  return model.load_error();
}

TEST(CocaConfig, WhatIsNotPublishedIsRefusedByName) {
  const auto expect = [](const char* pointer, const json& value, const char* says) {
    const std::string error = load_error(pointer, value);
    EXPECT_NE(error.find(says), std::string::npos) << pointer << ": " << error;
  };
  expect("vision_cfg/attentional_pool", false, "attentional_pool is not true");
  expect("vision_cfg/attentional_pool", "parallel", "attentional_pool");
  expect("vision_cfg/attn_pooler_heads", 3, "attn_pooler_heads does not divide embed_dim");
  expect("vision_cfg/attn_pooler_queries", 1, "attn_pooler_queries");
  expect("vision_cfg/timm_model_name", "vit_base_patch16_224", "timm_model_name");
  expect("text_cfg/embed_cls", false, "embed_cls is not true");
  expect("text_cfg/correct_cls_mask", true, "correct_cls_mask");
  expect("text_cfg/no_causal_mask", true, "no_causal_mask");
  expect("text_cfg/pad_id", 1, "pad_id is not 0");
  expect("text_cfg/hf_model_name", "roberta-base", "hf_model_name");
  expect("embed_dim", 24, "embed_dim is the width of the image tower");
  expect("multimodal_cfg", nullptr, "attentional_pool");
}

TEST(Coca, MissingAndMisshapenTensorsAreNamed) {
  EXPECT_NE(load_error("vision_cfg/layers", 3).find("visual.transformer.resblocks.2."), std::string::npos);
  EXPECT_NE(load_error("vision_cfg/image_size", 40)
                .find("visual.positional_embedding [17, 24] instead of [26, 24]"),
            std::string::npos)
      << load_error("vision_cfg/image_size", 40);
}

}  // namespace
}  // namespace kiloword
