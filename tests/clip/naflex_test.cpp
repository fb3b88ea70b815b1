// NaFlex SigLIP 2 against transformers: scripts/goldens/naflex_towers.py made the golden and says from what.

#include <gtest/gtest.h>

#include "clip/model_folder.h"
#include "kiloword/base/error.h"

namespace kiloword {
namespace {

using nlohmann::json;
using testing::ModelFolder;
using Vectors = std::vector<std::vector<float>>;

constexpr int kPatch = 8;

const json& golden() {
  static const json kValues = json::parse(testing::data_file("naflex_golden.json"));
  return kValues;
}

/// The golden's pictures, each of another shape, behind one another.
struct Pictures {
  std::vector<float> pixels;
  std::vector<PictureSize> sizes;

  void add(int index) {
    const json& shape = golden()["shapes"][static_cast<size_t>(index)];
    const PictureSize size{shape[1].get<int>() * kPatch, shape[0].get<int>() * kPatch};
    const std::vector<float> one = testing::golden_pixels(index, size.width, size.height);
    pixels.insert(pixels.end(), one.begin(), one.end());
    sizes.push_back(size);
  }
};

Pictures golden_pictures() {
  Pictures pictures;
  for (size_t i = 0; i < golden()["shapes"].size(); ++i) pictures.add(static_cast<int>(i));
  return pictures;
}

void expect_golden(const std::string& precision, double cosine) {
  const auto encoder = ModelFolder("naflex").load(precision);
  const Pictures pictures = golden_pictures();
  const Embeddings images = encoder->encode_pictures(pictures.pixels, pictures.sizes);
  ASSERT_EQ(images.rows, static_cast<int64_t>(pictures.sizes.size()));
  EXPECT_GE(testing::smallest_cosine(images, golden()["naflex"]["images"]), cosine);
  const Embeddings texts = encoder->encode_texts(golden()["texts"]);
  EXPECT_GE(testing::smallest_cosine(texts, golden()["naflex"]["texts"]), cosine);
}

TEST(NaFlex, EqualsTheReference) {
  expect_golden("fp32", 0.99999);
  const auto encoder = ModelFolder("naflex").load();
  EXPECT_FLOAT_EQ(encoder->logit_bias().value_or(0), -10.0F);
  const PreprocessSpec& spec = encoder->preprocess();
  EXPECT_EQ(spec.mode, ResizeMode::kPatches);
  EXPECT_EQ(spec.filter, ResizeFilter::kBilinear);
  EXPECT_EQ(spec.patch_px, kPatch);
  EXPECT_EQ(spec.max_patches, 24);
  EXPECT_EQ(spec.size_px, 4 * kPatch);
}

TEST(NaFlex, OtherPrecisionsAreClose) {
  expect_golden("bf16", 0.999);
  expect_golden("int8", 0.999);
}

TEST(NaFlex, ABatchOfManyShapesEqualsSingles) {
  for (const char* precision : {"fp32", "bf16", "int8"}) {
    const auto encoder = ModelFolder("naflex").load(precision);
    Pictures many;
    constexpr int kImages = 40;  // more than go through the network together
    const auto shapes = static_cast<int>(golden()["shapes"].size());
    for (int i = 0; i < kImages; ++i) many.add(i % shapes);
    const Embeddings together = encoder->encode_pictures(many.pixels, many.sizes);
    for (int i = 0; i < kImages; ++i) {
      Pictures one;
      one.add(i % shapes);
      const Embeddings alone = encoder->encode_pictures(one.pixels, one.sizes);
      EXPECT_EQ(testing::largest_difference(alone, together, i), 0.0) << precision << ' ' << i;
    }
  }
}

TEST(NaFlex, SquarePicturesMayComeByNumber) {
  const auto encoder = ModelFolder("naflex").load();
  const std::vector<float> pixels = testing::golden_pixels(0, 4 * kPatch);
  EXPECT_EQ(encoder->encode_images(pixels, 1).values,
            encoder->encode_pictures(pixels, {{4 * kPatch, 4 * kPatch}}).values);
}

TEST(NaFlex, SizesMustBeWholePatches) {
  const auto encoder = ModelFolder("naflex").load();
  const auto encode = [&](PictureSize size) {
    encoder->encode_pictures(testing::golden_pixels(0, size.width, size.height), {size});
  };
  EXPECT_NO_THROW(encode({24 * kPatch, kPatch}));
  EXPECT_THROW(encode({25 * kPatch, kPatch}), Error);
  EXPECT_THROW(encode({kPatch + 1, kPatch}), Error);
  EXPECT_THROW(encode({kPatch, kPatch - 1}), Error);
  EXPECT_THROW(encoder->encode_pictures(std::vector<float>(100), {{kPatch, kPatch}}), Error);
  EXPECT_EQ(encoder->encode_pictures({}, {}).rows, 0);
}

TEST(NaFlex, OtherModelsHaveSquarePictures) {
  const auto encoder = ModelFolder("siglip").load();
  EXPECT_THROW(encoder->encode_pictures(testing::golden_pixels(0, 36, 35), {{36, 35}}), Error);
}

TEST(NaFlex, MorePatchesMakeAnotherModel) {
  const ModelFolder model("naflex");
  const std::string before = model.load()->fingerprint();
  json settings = json::parse(model.read("preprocessor_config.json"));
  settings["max_num_patches"] = 16;
  model.write("preprocessor_config.json", settings.dump());
  EXPECT_NE(model.load()->fingerprint(), before);
}

TEST(NaFlex, APositionTableOfAnotherSizeIsRefused) {
  const ModelFolder model("naflex");
  json config = model.config();
  config["vision_config"]["num_patches"] = 25;
  model.write_config(config);
  EXPECT_EQ(model.load_error(),
            "tensors do not fit config.json (1 mis-shaped: vision_model.embeddings.position_embedding.weight "
            "[16, 24] instead of [25, 24]), MODEL/model.safetensors; use the config.json that belongs to "
            "these weights");
}

TEST(NaFlex, WeightsOfAFixedSizeAreRefused) {
  const ModelFolder model("naflex");
  model.write("model.safetensors", testing::data_file("siglip/model.safetensors"));
  const std::string error = model.load_error();
  EXPECT_NE(error.find("vision_model.embeddings.patch_embedding.weight"), std::string::npos) << error;
}

}  // namespace
}  // namespace kiloword
