#include "kiloword/image/thumbnail.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "image/jpeg_file.h"
#include "image/test_images.h"
#include "kiloword/base/error.h"

namespace kiloword::test {
namespace {

/// Red on the left, blue on the right.
Image two_colours(int width, int height) {
  Image image{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const bool left = x < width / 2;
      for (const int value : {left ? 250 : 5, 5, left ? 5 : 250})
        image.rgb.push_back(static_cast<uint8_t>(value));
    }
  }
  return image;
}

/// Whether the pixel at `x`, `y` is rather red than blue.
bool is_red(const Image& image, int x, int y) {
  const uint8_t* pixel =
      image.rgb.data() +
      (static_cast<size_t>(y) * static_cast<size_t>(image.width) + static_cast<size_t>(x)) * 3;
  EXPECT_GT(std::abs(pixel[0] - pixel[2]), 150);
  return pixel[0] > pixel[2];
}

TEST(Thumbnail, KeepsShapeAndColours) {
  const Image small = decode_image(jpeg_thumbnail(jpeg_file(two_colours(1200, 900)), 128));
  EXPECT_EQ(small.width, 128);
  EXPECT_EQ(small.height, 96);
  EXPECT_TRUE(is_red(small, 20, 48));
  EXPECT_FALSE(is_red(small, 108, 48));
}

TEST(Thumbnail, IsUpright) {
  JpegKind turned;
  turned.orientation = 6;  // to be turned clockwise: what is left comes to the top
  const Image small = decode_image(jpeg_thumbnail(jpeg_file(two_colours(1200, 600), turned), 64));
  EXPECT_EQ(small.width, 32);
  EXPECT_EQ(small.height, 64);
  EXPECT_TRUE(is_red(small, 16, 8));
  EXPECT_FALSE(is_red(small, 16, 56));
}

TEST(Thumbnail, SmallPicturesStayAsTheyAreAndThinOnesKeepAPixel) {
  const Image same = decode_image(jpeg_thumbnail(jpeg_file(two_colours(30, 20)), 128));
  EXPECT_EQ(same.width, 30);
  EXPECT_EQ(same.height, 20);
  const Image thin = decode_image(jpeg_thumbnail(jpeg_file(two_colours(2000, 1)), 64));
  EXPECT_EQ(thin.width, 64);
  EXPECT_EQ(thin.height, 1);
}

TEST(Thumbnail, RefusesWhatDecodingRefuses) {
  const auto refuses = [](const std::string& bytes, const DecodeLimits& limits = {}) {
    try {
      jpeg_thumbnail(bytes, 128, limits);
    } catch (const Error& error) {
      return error.kind() == ErrorKind::kInput;
    }
    return false;
  };
  EXPECT_TRUE(refuses(""));
  EXPECT_TRUE(refuses("no picture"));
  const std::string whole = jpeg_file(two_colours(400, 300));
  EXPECT_TRUE(refuses(whole.substr(0, whole.size() / 2)));
  EXPECT_TRUE(refuses(whole, {400 * 300 - 1, false}));
  EXPECT_FALSE(refuses(whole, {int64_t{400} * 300, false}));
}

}  // namespace
}  // namespace kiloword::test
