// --precision int8: how close it is to fp32, and that nothing shares in a result.

#include <gtest/gtest.h>

#include <cmath>

#include "clip/model_folder.h"
#include "kiloword/base/error.h"
#include "kiloword/clip/load_encoder.h"

namespace kiloword {
namespace {

using testing::ModelFolder;

std::unique_ptr<ImageTextEncoder> load_nano(const std::string& precision) {
  ComputeOptions options;
  options.device = "cpu";
  options.precision = precision;
  return load_image_text_encoder(std::filesystem::path(KILOWORD_SOURCE_DIR) / "models" / "nano", options);
}

/// Pictures with shapes and shades, as a photo's normalised pixels are: [count, 3, side, side].
std::vector<float> shaded_pictures(int count, int side) {
  std::vector<float> pixels;
  pixels.reserve(size_t{3} * static_cast<size_t>(count) * static_cast<size_t>(side * side));
  for (int i = 0; i < count; ++i) {
    for (int c = 0; c < 3; ++c) {
      for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
          const double from_middle = std::hypot(x - side / 2.0, y - side / 3.0) / side;
          const double shade =
              std::sin((3.0 + i) * from_middle + c) + (x * (i + 1) % side < side / 3 ? 0.5 : -0.5);
          pixels.push_back(static_cast<float>(shade));
        }
      }
    }
  }
  return pixels;
}

std::vector<std::vector<float>> rows_of(const Embeddings& embeddings) {
  std::vector<std::vector<float>> rows;
  rows.reserve(static_cast<size_t>(embeddings.rows));
  for (int64_t i = 0; i < embeddings.rows; ++i) {
    rows.emplace_back(embeddings.row(i), embeddings.row(i) + embeddings.dim);
  }
  return rows;
}

const std::vector<std::string> kTexts{"a photo of a dog",
                                      "two people on a beach",
                                      "a",
                                      "",
                                      "sheet music",
                                      "an old brick building near the water, seen from above"};

TEST(Int8, IsCloseToFp32WithNano) {
  const auto exact = load_nano("fp32");
  const auto rough = load_nano("int8");
  const int side = exact->preprocess().size_px;
  const std::vector<float> pixels = shaded_pictures(6, side);
  EXPECT_GE(
      testing::smallest_cosine(rough->encode_images(pixels, 6), rows_of(exact->encode_images(pixels, 6))),
      0.99);
  EXPECT_GE(testing::smallest_cosine(rough->encode_texts(kTexts), rows_of(exact->encode_texts(kTexts))),
            0.99);
  EXPECT_NE(rough->text_fingerprint(), exact->text_fingerprint());
  EXPECT_NE(rough->fingerprint(), exact->fingerprint());
}

TEST(Int8, IsCloseToFp32WithAVisionTransformer) {
  const ModelFolder model("vit");
  const auto exact = model.load("fp32");
  const auto rough = model.load("int8");
  const std::vector<float> pixels = shaded_pictures(6, exact->preprocess().size_px);
  const Embeddings images = rough->encode_images(pixels, 6);
  EXPECT_GE(testing::smallest_cosine(images, rows_of(exact->encode_images(pixels, 6))), 0.99);
  EXPECT_NE(images.values, exact->encode_images(pixels, 6).values);
}

TEST(Int8, APictureDependsOnNoOther) {
  const auto encoder = ModelFolder("vit").load("int8");
  const int side = encoder->preprocess().size_px;
  const std::vector<float> pixels = shaded_pictures(7, side);
  const Embeddings together = encoder->encode_images(pixels, 7);
  const auto size = static_cast<std::ptrdiff_t>(pixels.size() / 7);
  for (int i = 0; i < 7; ++i) {
    const std::vector<float> one(pixels.begin() + i * size, pixels.begin() + (i + 1) * size);
    EXPECT_EQ(testing::largest_difference(encoder->encode_images(one, 1), together, i), 0.0) << i;
  }
}

TEST(Int8, ATextDependsOnNoOther) {
  const auto encoder = load_nano("int8");
  const Embeddings together = encoder->encode_texts(kTexts);
  const auto growing = encoder->growing_texts();
  const Embeddings grown = growing->encode(kTexts);
  for (size_t i = 0; i < kTexts.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    EXPECT_LE(testing::largest_difference(encoder->encode_texts({kTexts[i]}), together, row), 1e-6);
  }
  EXPECT_LE(testing::largest_difference(grown, together), 1e-3);
}

TEST(Int8, ResNetsStayInFp32) {
  const ModelFolder model("resnet");
  const auto exact = model.load("fp32");
  const auto rough = model.load("int8");
  const std::vector<float> pixels = shaded_pictures(2, exact->preprocess().size_px);
  EXPECT_EQ(rough->encode_images(pixels, 2).values, exact->encode_images(pixels, 2).values);
  EXPECT_NE(rough->encode_texts({"a dog"}).values, exact->encode_texts({"a dog"}).values);
}

}  // namespace
}  // namespace kiloword
