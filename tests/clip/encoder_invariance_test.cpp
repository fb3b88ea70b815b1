#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "clip/model_folder.h"
#include "kiloword/base/error.h"

namespace kiloword {
namespace {

using testing::ModelFolder;

std::vector<std::string> many_texts() {
  std::vector<std::string> texts{"", "a"};
  for (int i = 0; i < 60; ++i)
    texts.push_back(std::string(static_cast<size_t>(i % 30), 'a') + std::to_string(i));
  return texts;
}

std::vector<float> pixels_of(int count, int side) {
  std::vector<float> pixels;
  for (int i = 0; i < count; ++i) {
    const auto one = testing::golden_pixels(i, side);
    pixels.insert(pixels.end(), one.begin(), one.end());
  }
  return pixels;
}

class EncoderInvariance : public ::testing::TestWithParam<std::string> {};

TEST_P(EncoderInvariance, BatchOfManyEqualsSingles) {
  const auto encoder = ModelFolder(GetParam()).load();
  const int side = encoder->preprocess().size_px;
  constexpr int kImages = 35;  // more than go through the network together
  const Embeddings together = encoder->encode_images(pixels_of(kImages, side), kImages);
  ASSERT_EQ(together.rows, kImages);
  for (int i = 0; i < kImages; ++i) {
    const Embeddings alone = encoder->encode_images(testing::golden_pixels(i, side), 1);
    EXPECT_EQ(testing::largest_difference(alone, together, i), 0.0) << i;
  }
  const std::vector<std::string> texts = many_texts();
  const Embeddings all = encoder->encode_texts(texts);
  ASSERT_EQ(all.rows, static_cast<int64_t>(texts.size()));
  for (size_t i = 0; i < texts.size(); ++i) {
    const Embeddings alone = encoder->encode_texts({texts[i]});
    EXPECT_LE(testing::largest_difference(alone, all, static_cast<int64_t>(i)), 1e-6) << texts[i];
  }
}

TEST_P(EncoderInvariance, WeightsForGroupsAloneGiveTheSame) {
  const ModelFolder model(GetParam());
  const auto usual = model.load();
  const auto of_groups = model.load_for_many_images();
  const int side = usual->preprocess().size_px;
  for (const int count : {1, 3, 4, 9}) {  // a group takes up to four
    const std::vector<float> pixels = pixels_of(count, side);
    const Embeddings expected = usual->encode_images(pixels, count);
    const Embeddings given = of_groups->encode_images(pixels, count);
    ASSERT_EQ(given.rows, count);
    EXPECT_LE(testing::largest_difference(expected, given), 1e-6) << count;
  }
}

TEST_P(EncoderInvariance, ThreadsDoNotMatter) {
  const ModelFolder model(GetParam());
  const auto one = model.load("fp32", 1);
  const int side = one->preprocess().size_px;
  const Embeddings images = one->encode_images(pixels_of(3, side), 3);
  const Embeddings texts = one->encode_texts(many_texts());
  for (const int threads : {2, 3}) {
    const auto several = model.load("fp32", threads);
    EXPECT_LE(testing::largest_difference(images, several->encode_images(pixels_of(3, side), 3)), 1e-6);
    EXPECT_LE(testing::largest_difference(texts, several->encode_texts(many_texts())), 1e-6);
  }
}

TEST_P(EncoderInvariance, AnotherThreadMayUseIt) {
  const auto encoder = ModelFolder(GetParam()).load();
  const Embeddings here = encoder->encode_texts({"a dog"});
  Embeddings there;
  std::thread([&] { there = encoder->encode_texts({"a dog"}); }).join();
  EXPECT_EQ(here.values, there.values);
}

INSTANTIATE_TEST_SUITE_P(Models, EncoderInvariance,
                         ::testing::Values("vit", "siglip", "resnet", "efficientnet", "naflex"));

TEST(Encoder, OrderAndRepetitionDoNotMatter) {
  const auto encoder = ModelFolder("vit").load();
  const Embeddings forth = encoder->encode_texts({"a dog", "x", "the cat sat"});
  const Embeddings back =
      encoder->encode_texts({"the cat sat", "x", "x", "A  DOG"});  // case and spaces are cleaned
  EXPECT_LE(testing::largest_difference({1, forth.dim, {forth.row(0), forth.row(0) + forth.dim}}, back, 3),
            1e-6);
  EXPECT_LE(testing::largest_difference({1, forth.dim, {forth.row(1), forth.row(1) + forth.dim}}, back, 1),
            1e-6);
  EXPECT_EQ(std::vector<float>(back.row(1), back.row(2)), std::vector<float>(back.row(2), back.row(3)));
}

TEST(Encoder, EmbeddingsHaveUnitLength) {
  const auto encoder = ModelFolder("resnet").load();
  const Embeddings images = encoder->encode_images(pixels_of(2, 64), 2);
  const Embeddings texts = encoder->encode_texts({"a dog", ""});
  for (const Embeddings* embeddings : {&images, &texts}) {
    ASSERT_EQ(embeddings->rows, 2);
    for (int64_t i = 0; i < 2; ++i) {
      double square = 0;
      for (int64_t d = 0; d < embeddings->dim; ++d) square += std::pow(embeddings->row(i)[d], 2);
      EXPECT_NEAR(square, 1.0, 1e-5);
    }
  }
}

TEST(Encoder, NothingGivesNothing) {
  const auto encoder = ModelFolder("vit").load();
  EXPECT_EQ(encoder->encode_texts({}).rows, 0);
  EXPECT_EQ(encoder->encode_texts({}).dim, encoder->embedding_dim());
  EXPECT_EQ(encoder->encode_images({}, 0).rows, 0);
}

TEST(Encoder, PixelsMustFillThePictures) {
  const auto encoder = ModelFolder("vit").load();
  EXPECT_THROW(encoder->encode_images(std::vector<float>(100), 1), Error);
}

}  // namespace
}  // namespace kiloword
