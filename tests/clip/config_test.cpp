#include "clip/config.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "kiloword/base/error.h"
#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;

ClipConfig read(const json& values) {
  const testing::TemporaryFolder folder;
  return read_clip_config(folder.write("config.json", values.dump()));
}

std::string error_of_text(const std::string& content) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.write("config.json", content).string();
  try {
    read_clip_config(path);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kModel);
    EXPECT_EQ(error.where(), path);
    return error.message();
  }
  return "no error";
}

/// The error for a minimal config in which `value` stands at `pointer` ("/text_config/hidden_size").
std::string error_with(const std::string& pointer, const json& value) {
  json config{{"text_config", json::object()}, {"vision_config", json::object()}};
  config[json::json_pointer(pointer)] = value;
  return error_of_text(config.dump());
}

std::string resnet_error_with(const std::string& key, const json& value) {
  json vision{
      {"model_type", "clip_modified_resnet"}, {"image_size", 64}, {"width", 24}, {"layers", {1, 2, 3, 4}}};
  vision[key] = value;
  return error_of_text(json{{"text_config", json::object()}, {"vision_config", vision}}.dump());
}

TEST(ClipConfig, AnImageIsNotBelowTheDefaultPatch) {
  const auto error_of_size = [](int size) {
    const json vision{{"image_size", size}};
    return error_of_text(json{{"text_config", json::object()}, {"vision_config", vision}}.dump());
  };
  EXPECT_EQ(error_of_size(31),
            "vision_config.image_size is 31, smaller than a patch of 32, the default of patch_size");
  EXPECT_EQ(error_of_size(32), "no error");
}

TEST(ClipConfig, AbsentKeysHaveHuggingFacesDefaults) {
  const ClipConfig config = read({{"text_config", json::object()}, {"vision_config", json::object()}});
  EXPECT_EQ(config.projection_dim, 512);
  EXPECT_EQ(config.vision.kind, VisionKind::kVisionTransformer);
  EXPECT_EQ(config.vision.image_size, 224);
  EXPECT_EQ(config.vision.patch_size, 32);
  EXPECT_EQ(config.vision.width, 768);
  EXPECT_EQ(config.vision.hidden, 3072);
  EXPECT_EQ(config.vision.layers, 12);
  EXPECT_EQ(config.vision.heads, 12);
  EXPECT_EQ(config.vision.activation, Activation::kQuickGelu);
  EXPECT_EQ(config.text.vocab_size, 49408);
  EXPECT_EQ(config.text.width, 512);
  EXPECT_EQ(config.text.hidden, 2048);
  EXPECT_EQ(config.text.layers, 12);
  EXPECT_EQ(config.text.heads, 8);
  EXPECT_EQ(config.text.context_length, 77);
  EXPECT_EQ(config.text.eos_id, -1);
}

/// As transformers 5.24's CLIPConfig.
TEST(ClipConfig, SettingsUnderTheirOlderNamesCountAlone) {
  const ClipConfig config =
      read({{"text_config", {{"hidden_size", 64}, {"num_hidden_layers", 3}}},
            {"text_config_dict", {{"hidden_size", 128}}},
            {"vision_config_dict", {{"layer_norm_eps", 1e-3}, {"model_type", "clip"}}}});
  EXPECT_EQ(config.text.width, 128);
  EXPECT_EQ(config.text.layers, 12);
  EXPECT_EQ(config.vision.norm_epsilon, 1e-3);
  EXPECT_EQ(read({{"text_config", {{"hidden_size", 64}}},
                  {"text_config_dict", nullptr},
                  {"vision_config", json::object()}})
                .text.width,
            64);
}

TEST(ClipConfig, ModifiedResNet) {
  const ClipConfig config =
      read({{"projection_dim", 1024},
            {"text_config", {{"eos_token_id", 3}, {"bos_token_id", 2}, {"hidden_act", "gelu"}}},
            {"vision_config",
             {{"model_type", "clip_modified_resnet"},
              {"image_size", 48},
              {"width", 64},
              {"layers", {3, 4, 6, 3}},
              {"stem_pool", false}}}});
  EXPECT_EQ(config.vision.kind, VisionKind::kModifiedResNet);
  EXPECT_THAT(config.vision.stage_blocks, ElementsAre(3, 4, 6, 3));
  EXPECT_EQ(config.vision.heads, 32);
  EXPECT_FALSE(config.vision.stem_pool);
  EXPECT_EQ(config.projection_dim, 1024);
  EXPECT_EQ(config.text.bos_id, 2);
  EXPECT_EQ(config.text.eos_id, 3);
  EXPECT_EQ(config.text.activation, Activation::kGelu);
}

TEST(ClipConfig, FilesThatAreNoConfig) {
  EXPECT_EQ(error_of_text(""), "not valid JSON");
  EXPECT_EQ(error_of_text("{\"text_config\": "), "not valid JSON");
  EXPECT_EQ(error_of_text("[1]"), "not a JSON object");
  EXPECT_EQ(error_of_text("{\"a\":" + std::string(1000, '[')), "nested too deeply");
  EXPECT_EQ(error_of_text(std::string((1 << 20) + 1, ' ')), "larger than the limit of 1048576 bytes");
  EXPECT_EQ(error_of_text("{}"),
            "vision_config and text_config are missing: it is no CLIP or SigLIP model's");
  EXPECT_EQ(error_of_text(R"({"text_config": {}})"), "vision_config is missing");
  EXPECT_EQ(error_of_text(R"({"vision_config": {}})"), "text_config is missing");
  EXPECT_EQ(error_of_text(R"({"vision_config": 3, "text_config": {}})"), "vision_config must be an object");
}

TEST(ClipConfig, NaFlex) {
  const auto read_patches = [](const json& vision) {
    return read(
        {{"model_type", "siglip2"}, {"text_config", {{"vocab_size", 256000}}}, {"vision_config", vision}});
  };
  const ClipConfig config = read_patches({{"model_type", "siglip2_vision_model"}});
  EXPECT_EQ(config.family, ClipFamily::kSiglip);
  EXPECT_EQ(config.vision.kind, VisionKind::kNaFlex);
  EXPECT_EQ(config.vision.patch_size, 16);
  EXPECT_EQ(config.vision.position_grid, 16);
  EXPECT_EQ(config.vision.image_size, 256);
  EXPECT_EQ(config.vision.activation, Activation::kTanhGelu);
  EXPECT_EQ(config.text.context_length, 64);
  EXPECT_EQ(config.projection_dim, 768);
  EXPECT_EQ(read_patches({{"num_patches", 729}, {"patch_size", 14}}).vision.position_grid, 27);
  EXPECT_EQ(read_patches({{"num_patches", 1}, {"image_size", 99}}).vision.image_size, 16);
}

TEST(ClipConfig, NaFlexPatchesThatCannotBe) {
  const auto error_of_patches = [](const json& vision) {
    return error_of_text(
        json{{"model_type", "siglip2"}, {"text_config", json::object()}, {"vision_config", vision}}.dump());
  };
  EXPECT_EQ(error_of_patches({{"num_patches", 255}}),
            "vision_config.num_patches is 255, which is not a square number");
  EXPECT_EQ(error_of_patches({{"num_patches", 1e15}}),
            "vision_config.num_patches must be a whole number from 1 to 4096");
  EXPECT_EQ(error_of_patches({{"num_patches", 1000000}}),
            "vision_config.num_patches must be a whole number from 1 to 4096");
  EXPECT_EQ(error_of_patches({{"patch_size", 65}}),
            "vision_config.patch_size must be a whole number from 1 to 64");
  EXPECT_EQ(error_of_patches({{"patch_size", {16, 16}}}),
            "vision_config.patch_size must be a whole number from 1 to 64");
  EXPECT_EQ(error_of_patches({{"vision_use_head", false}}),
            "vision_config.vision_use_head is false, which is not supported");
  EXPECT_EQ(error_of_patches({{"model_type", "siglip_vision_model"}}),
            "vision_config.model_type is \"siglip_vision_model\", only siglip2_vision_model is supported");
}

TEST(ClipConfig, ValuesThatCannotBe) {
  EXPECT_EQ(error_with("/model_type", "blip"),
            "model_type is \"blip\", only clip, metaclip_2, siglip and siglip2 are supported");
  EXPECT_EQ(error_with("/model_type", 3), "model_type must be a string");
  EXPECT_EQ(error_with("/projection_dim", 0), "projection_dim must be a whole number from 1 to 16384");
  EXPECT_EQ(error_with("/vision_config/model_type", "resnet"),
            "vision_config.model_type is \"resnet\", only clip_vision_model, clip_modified_resnet and "
            "clip_efficientnet_lite are "
            "supported");
  EXPECT_EQ(error_with("/vision_config/image_size", -224),
            "vision_config.image_size must be a whole number from 1 to 4096");
  EXPECT_EQ(error_with("/vision_config/image_size", 1e9),
            "vision_config.image_size must be a whole number from 1 to 4096");
  EXPECT_EQ(error_with("/vision_config/patch_size", 225),
            "vision_config.patch_size must be a whole number from 1 to 224");
  EXPECT_EQ(error_with("/vision_config/hidden_size", 18446744073709551615U),
            "vision_config.hidden_size must be a whole number from 1 to 16384");
  EXPECT_EQ(error_with("/vision_config/num_attention_heads", 7),
            "vision_config.num_attention_heads is 7, which does not divide the width 768");
  EXPECT_EQ(error_with("/vision_config/num_hidden_layers", 1000000000),
            "vision_config.num_hidden_layers must be a whole number from 1 to 256");
  EXPECT_EQ(error_with("/vision_config/num_channels", 4),
            "vision_config.num_channels is not 3, which is not supported");
  EXPECT_EQ(error_with("/vision_config/layer_norm_eps", -1),
            "vision_config.layer_norm_eps must be a number from 1e-12 to 0.1");
  EXPECT_EQ(error_with("/text_config/hidden_act", "swish"),
            "text_config.hidden_act is \"swish\", only quick_gelu, gelu and gelu_pytorch_tanh are supported");
  EXPECT_EQ(error_with("/text_config/vocab_size", "49408"),
            "text_config.vocab_size must be a whole number from 1 to 4000000");
  EXPECT_EQ(error_with("/text_config/max_position_embeddings", 1),
            "text_config.max_position_embeddings must be a whole number from 2 to 8192");
  EXPECT_EQ(error_with("/text_config/eos_token_id", -2),
            "text_config.eos_token_id must be a whole number from 0 to 4000000");
}

TEST(ClipConfig, ModifiedResNetValuesThatCannotBe) {
  EXPECT_EQ(resnet_error_with("stem_pool", true), "no error");
  EXPECT_EQ(resnet_error_with("image_size", 48), "vision_config.image_size is 48, not a multiple of 32");
  EXPECT_EQ(resnet_error_with("image_size", nullptr), "vision_config.image_size is missing");
  EXPECT_EQ(resnet_error_with("width", 25), "vision_config.width must be even");
  EXPECT_EQ(resnet_error_with("layers", {1, 2, 3}),
            "vision_config.layers must be a list of 4 whole numbers from 1 to 256");
  EXPECT_EQ(resnet_error_with("layers", {1, 2, 3, 0}),
            "vision_config.layers must be a list of 4 whole numbers from 1 to 256");
  EXPECT_EQ(resnet_error_with("layers", 12),
            "vision_config.layers must be a list of 4 whole numbers from 1 to 256");
  EXPECT_EQ(resnet_error_with("stem_pool", "no"), "vision_config.stem_pool must be true or false");
  EXPECT_EQ(resnet_error_with("num_attention_heads", 5),
            "vision_config.num_attention_heads is 5, which does not divide the width 768");
}

}  // namespace
}  // namespace kiloword
