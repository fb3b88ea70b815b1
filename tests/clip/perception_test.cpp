// PE-Core's image tower against timm's: scripts/goldens/perception_towers.py made the goldens and says from
// what.

#include <gtest/gtest.h>

#include "clip/open_clip_config.h"
#include "clip/perception_encoder.h"
#include "clip/tower_golden.h"
#include "kiloword/base/error.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using nlohmann::json;

const json& golden() {
  static const json kGolden = json::parse(testing::data_file("perception_golden.json"));
  return kGolden;
}

double cosine(const std::string& name, const std::string& precision, int64_t layers = 2) {
  ClipConfig config;
  config.projection_dim = 16;
  config.vision.image_size = golden().at("sides").at(name);
  config.vision.patch_size = 8;
  config.vision.width = 32;
  config.vision.hidden = 64;
  config.vision.layers = layers;
  config.vision.heads = 2;
  config.vision.activation = Activation::kGelu;
  config.vision.has_class_token = name == "with_class";
  return testing::image_cosine(golden(), "perception", name, precision,
                               [&config](WeightLoader& loader, const Compute& compute) {
                                 return std::make_unique<PerceptionEncoder>(loader, compute, config);
                               });
}

TEST(PerceptionEncoder, EqualsTimms) {
  EXPECT_GE(cosine("with_class", "fp32"), 0.999999);
  EXPECT_GE(cosine("without_class", "fp32"), 0.999999);
}

TEST(PerceptionEncoder, Bf16AndInt8AreClose) {
  for (const char* name : {"with_class", "without_class"}) {
    EXPECT_GE(cosine(name, "bf16"), 0.999);
    EXPECT_GE(cosine(name, "int8"), 0.99);
  }
}

TEST(PerceptionEncoder, MissingTensorsAreNamed) {
  try {
    cosine("with_class", "fp32", 3);
    FAIL() << "loaded";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("visual.trunk.blocks.2."), std::string::npos) << error.what();
  }
}

/// OpenCLIP's settings of PE-Core-B-16 with `value` as `key` of its image tower.
ClipConfig read(const std::string& key, const json& value) {
  json settings = json::parse(R"({"model_cfg": {"embed_dim": 1024, "custom_text": true,
    "vision_cfg": {"timm_model_name": "vit_pe_core_base_patch16_224", "timm_pool": "map", "timm_proj": null,
                   "timm_model_pretrained": false, "image_size": 224},
    "text_cfg": {"context_length": 32, "vocab_size": 49408, "width": 1024, "heads": 16, "layers": 24}}})");
  settings["model_cfg"]["vision_cfg"][key] = value;
  const testing::TemporaryFolder folder;
  return read_open_clip_config(folder.write("open_clip_config.json", settings.dump()));
}

std::string refusal(const std::string& key, const json& value) {
  try {
    read(key, value);
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    return error.what();
  }
  return "no error";
}

TEST(PerceptionConfig, NamesSayTheShape) {
  const auto shape = [](const char* name, int side) {
    json vision = {
        {"timm_model_name", name}, {"timm_pool", "map"}, {"timm_proj", nullptr}, {"image_size", side}};
    json settings = {
        {"model_cfg", {{"embed_dim", 512}, {"vision_cfg", vision}, {"text_cfg", {{"width", 512}}}}}};
    const testing::TemporaryFolder folder;
    const VisionConfig made =
        read_open_clip_config(folder.write("open_clip_config.json", settings.dump())).vision;
    EXPECT_EQ(made.kind, VisionKind::kPerceptionEncoder);
    EXPECT_EQ(made.image_size, side);
    return std::to_string(made.patch_size) + ": " + std::to_string(made.layers) + " x " +
           std::to_string(made.width) + ", " + std::to_string(made.hidden) + ", " +
           std::to_string(made.heads) + (made.has_class_token ? " +" : "");
  };
  EXPECT_EQ(shape("vit_pe_core_tiny_patch16_384", 384), "16: 12 x 192, 768, 3 +");
  EXPECT_EQ(shape("vit_pe_core_small_patch16_384", 384), "16: 12 x 384, 1536, 6 +");
  EXPECT_EQ(shape("vit_pe_core_base_patch16_224", 224), "16: 12 x 768, 3072, 12 +");
  EXPECT_EQ(shape("vit_pe_core_large_patch14_336", 336), "14: 24 x 1024, 4096, 16 +");
  EXPECT_EQ(shape("vit_pe_core_gigantic_patch14_448", 448), "14: 50 x 1536, 8960, 16");
}

TEST(PerceptionConfig, TextsAreClips) {
  const ClipConfig config = read("image_size", 224);
  EXPECT_EQ(config.family, ClipFamily::kClip);
  EXPECT_TRUE(config.text.causal);
  EXPECT_EQ(config.text.context_length, 32);
  EXPECT_EQ(config.projection_dim, 1024);
}

TEST(PerceptionConfig, WhatIsNotPublishedIsRefusedByName) {
  EXPECT_NE(refusal("timm_model_name", "vit_pe_lang_large_patch14_448").find("vit_pe_lang_large_patch14_448"),
            std::string::npos);
  EXPECT_NE(refusal("timm_pool", "token").find("timm_pool is not \"map\""), std::string::npos);
  EXPECT_NE(refusal("timm_proj", "linear").find("timm_proj is not null"), std::string::npos);
  EXPECT_NE(refusal("image_size", 336).find("image_size is not 224"), std::string::npos);
}

}  // namespace
}  // namespace kiloword
