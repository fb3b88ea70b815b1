#include "kiloword/pipeline/prepared_image.h"

#include <gtest/gtest.h>

#include "support/temporary_folder.h"

namespace kiloword {
namespace {

using testing::TemporaryFolder;

/// A plain-text picture of one colour.
std::string ppm(int width, int height) {
  std::string text = "P3 " + std::to_string(width) + " " + std::to_string(height) + " 255\n";
  for (int i = 0; i < width * height; ++i) text += "10 20 30\n";
  return text;
}

const PreprocessSpec kSpec{4, ResizeMode::kShortest, ResizeFilter::kBicubic, {0, 0, 0}, {1, 1, 1}};

TEST(PrepareImage, GivesPixelsAndSize) {
  const TemporaryFolder folder;
  const PreparedImage image = prepare_image(folder.write("a.ppm", ppm(8, 6)).string(), kSpec, {});
  ASSERT_FALSE(image.error) << image.error->what();
  EXPECT_EQ(image.width, 8);
  EXPECT_EQ(image.height, 6);
  ASSERT_EQ(image.pixels.size(), 3U * 4 * 4);
  EXPECT_FLOAT_EQ(image.pixels[0], 10.0F / 255);
  EXPECT_FLOAT_EQ(image.pixels[16], 20.0F / 255);
}

TEST(PrepareImage, GivesPicturesTheirOwnShapes) {
  const TemporaryFolder folder;
  PreprocessSpec spec;
  spec.mode = ResizeMode::kPatches;
  spec.patch_px = 2;
  spec.max_patches = 8;
  const PreparedImage image = prepare_image(folder.write("a.ppm", ppm(40, 10)).string(), spec, {});
  ASSERT_FALSE(image.error) << image.error->what();
  EXPECT_EQ(image.size.width, 8);
  EXPECT_EQ(image.size.height, 2);
  EXPECT_EQ(image.pixels.size(), 3U * 8 * 2);
}

TEST(PrepareImage, GivesTheFullSizeOfAJpegDecodedAtAFraction) {
  const std::string path = KILOWORD_TESTS_DIR "/image/data/turned.jpg";  // 24 x 16, to be turned
  const PreprocessSpec tiny{2, ResizeMode::kShortest, ResizeFilter::kBicubic, {0, 0, 0}, {1, 1, 1}};
  DecodeLimits limits;
  std::vector<PreparedImage> images;
  images.reserve(2);
  for (limits.exact = false; images.size() < 2; limits.exact = true) {
    images.push_back(prepare_image(path, tiny, limits));
    ASSERT_FALSE(images.back().error) << images.back().error->what();
    EXPECT_EQ(images.back().width, 16);
    EXPECT_EQ(images.back().height, 24);
    EXPECT_EQ(images.back().pixels.size(), 3U * 2 * 2);
  }
  for (size_t i = 0; i < images[0].pixels.size(); ++i) {
    EXPECT_NEAR(images[0].pixels[i], images[1].pixels[i], 0.05F) << i;
  }
}

TEST(PrepareImage, ReadsOnlyTheStartOfWhatIsNoImage) {
  const PreparedImage image = prepare_image("/dev/zero", PreprocessSpec{}, {});  // it has no end
  ASSERT_TRUE(image.error);
  EXPECT_EQ(image.error->message(), "not an image file");
  EXPECT_EQ(image.error->where(), "/dev/zero");
  EXPECT_LT(image.ms, 200);
}

TEST(PrepareImage, ReportsWhatIsWrongWithThePath) {
  const TemporaryFolder folder;
  const std::string absent = (folder.path() / "absent.jpg").string();
  EXPECT_STREQ(prepare_image(absent, kSpec, {}).error->what(),
               ("no such file or directory, " + absent).c_str());
  const std::string directory = folder.path().string();
  const PreparedImage image = prepare_image(directory, kSpec, {});
  EXPECT_EQ(image.error->message(), "is a directory");
  EXPECT_EQ(image.error->where(), directory);
}

TEST(PrepareInput, PreparesForASecondNetworkAsForItAlone) {
  PreprocessSpec other = kSpec;
  other.size_px = 5;
  other.std = {2, 2, 2};
  PrepareOptions options;
  options.also_for = std::make_shared<const PreprocessSpec>(other);
  const ImageInput input{"a", ppm(8, 6), std::nullopt};
  const PreparedImage both = prepare_input(input, kSpec, {}, options);
  ASSERT_NE(both.other, nullptr);
  EXPECT_EQ(both.pixels, prepare_input(input, kSpec, {}).pixels);
  EXPECT_EQ(both.other->pixels, prepare_input(input, other, {}).pixels);
  EXPECT_EQ(both.other->size.width, 5);
  EXPECT_EQ(prepare_input(input, kSpec, {}).other, nullptr);
  EXPECT_EQ(prepare_input({"b", "no image", std::nullopt}, kSpec, {}, options).other, nullptr);
}

TEST(PrepareInput, ReservesWhatDecodingMayTakeBeforeItDecodes) {
  uint64_t reserved = 0;
  const ReserveMemory reserve = [&reserved](uint64_t bytes) { reserved = bytes; };
  EXPECT_FALSE(prepare_input({"a", ppm(8, 6), std::nullopt}, kSpec, {}, {}, reserve).error);
  EXPECT_EQ(reserved, 6U * 8 * 6);
  EXPECT_TRUE(prepare_input({"b", "no image", std::nullopt}, kSpec, {}, {}, reserve).error);
  EXPECT_EQ(reserved, 0U);
}

}  // namespace
}  // namespace kiloword
