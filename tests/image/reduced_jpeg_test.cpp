// JPEGs decoded at 1/2, 1/4 and 1/8 of their size; compare_with_pillow.py compares them with Pillow's, bit by
// bit.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <string>

#include "image/jpeg_file.h"
#include "image/test_images.h"
#include "kiloword/image/decode.h"
#include "kiloword/image/preprocess.h"

namespace kiloword {
namespace {

using test::jpeg_file;
using test::sample;

PreprocessSpec spec_of(int size, bool center_crop = true) {
  PreprocessSpec spec;
  spec.size_px = size;
  spec.mode = center_crop ? ResizeMode::kShortest : ResizeMode::kStretch;
  return spec;
}

/// Waves, an edge and gradients: no two corners are alike.
Image scene(int width, int height) {
  Image image{width, height,
              std::vector<uint8_t>(static_cast<size_t>(width) * static_cast<size_t>(height) * 3)};
  uint8_t* out = image.rgb.data();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x, out += 3) {
      const double wave = 40 * std::sin(x * 0.11) * std::cos(y * 0.07);
      const int edge = x * 3 > width * 2 && y * 3 > height ? 60 : 0;
      out[0] = static_cast<uint8_t>(60 + 120.0 * x / width + wave);
      out[1] = static_cast<uint8_t>(60 + 120 * y / height + edge);
      out[2] = static_cast<uint8_t>(120 + wave - edge);
    }
  }
  return image;
}

/// Mean absolute difference in levels of 255.
double mean_difference(const Image& a, const Image& b) {
  EXPECT_EQ(a.rgb.size(), b.rgb.size());
  double sum = 0;
  for (size_t i = 0; i < a.rgb.size(); ++i) sum += std::abs(a.rgb[i] - b.rgb[i]);
  return sum / static_cast<double>(a.rgb.size());
}

TEST(ReducedJpeg, FractionFollowsTheShortestSide) {
  struct Case {
    int width, height, reduction;
  };
  for (const Case& c : {Case{47, 47, 1}, Case{48, 48, 2}, Case{95, 135, 2}, Case{300, 95, 2}, Case{96, 96, 4},
                        Case{191, 200, 4}, Case{192, 193, 8}, Case{1001, 195, 8}, Case{1001, 47, 1}}) {
    for (const bool center_crop : {true, false}) {
      const DecodedImage decoded =
          decode_for_model(jpeg_file(scene(c.width, c.height)), spec_of(8, center_crop));
      EXPECT_EQ(decoded.full_width, c.width);
      EXPECT_EQ(decoded.full_height, c.height);
      EXPECT_EQ(decoded.image.width, (c.width + c.reduction - 1) / c.reduction) << c.width;
      EXPECT_EQ(decoded.image.height, (c.height + c.reduction - 1) / c.reduction) << c.height;
      EXPECT_DOUBLE_EQ(decoded.box.width, static_cast<double>(c.width) / c.reduction);
      EXPECT_DOUBLE_EQ(decoded.box.height, static_cast<double>(c.height) / c.reduction);
      EXPECT_EQ(decoded.box.left, 0);
      EXPECT_EQ(decoded.box.top, 0);
    }
  }
}

TEST(ReducedJpeg, ExactIsTheFullPicture) {
  const std::string file = jpeg_file(scene(333, 261));
  DecodeLimits limits;
  limits.exact = true;
  const Image full = decode_image(file);
  EXPECT_EQ(decode_for_model(file, spec_of(8), limits).image.rgb, full.rgb);
  EXPECT_EQ(decode_image(file).rgb, full.rgb);
  EXPECT_EQ(fit_for_model(decode_for_model(file, spec_of(8), limits), spec_of(8)).rgb,
            fit_for_model(full, spec_of(8)).rgb);
  EXPECT_EQ(preprocess(decode_for_model(file, spec_of(8), limits), spec_of(8)), preprocess(full, spec_of(8)));
}

TEST(ReducedJpeg, OtherFormatsAreDecodedInFull) {
  for (const char* name : {"rgb.png", "rgb.bmp", "lossy.webp", "lzw.tif", "flat.gif", "rgb.jp2", "rgb.ppm"}) {
    EXPECT_EQ(decode_for_model(sample(name), spec_of(1)).image.rgb, decode_image(sample(name)).rgb) << name;
  }
  EXPECT_EQ(decode_for_model(sample("rgb.jpg"), spec_of(1)).image.width, 6);
}

TEST(ReducedJpeg, LimitIsOfTheFullPicture) {
  DecodeLimits limits;
  limits.max_pixels = 383;
  EXPECT_THROW(decode_for_model(sample("rgb.jpg"), spec_of(1), limits), Error);
}

TEST(ReducedJpeg, LooksLikeTheFullPictureInEveryOrientation) {
  // Sides that 8 does not divide: a shift by the rest would show at the edges.
  const Image picture = scene(333, 261);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    for (const bool progressive : {false, true}) {
      for (const bool grey : {false, true}) {
        const std::string file = jpeg_file(picture, {grey, progressive, orientation});
        for (const int size : {10, 16, 40}) {
          for (const bool center_crop : {true, false}) {
            const PreprocessSpec spec = spec_of(size, center_crop);
            const DecodedImage decoded = decode_for_model(file, spec);
            EXPECT_EQ(decoded.full_width, orientation >= 5 ? 261 : 333);
            EXPECT_EQ(decoded.full_height, orientation >= 5 ? 333 : 261);
            EXPECT_LT(mean_difference(fit_for_model(decoded, spec), fit_for_model(decode_image(file), spec)),
                      0.6)
                << orientation << " " << size << (center_crop ? " crop" : " stretch");
          }
        }
      }
    }
  }
}

TEST(ReducedJpeg, OneColourStaysOneColour) {
  const Image flat{517, 270, std::vector<uint8_t>(size_t{517} * 270 * 3, 90)};
  const PreprocessSpec spec = spec_of(10);
  EXPECT_EQ(fit_for_model(decode_for_model(jpeg_file(flat), spec), spec).rgb,
            std::vector<uint8_t>(size_t{10} * 10 * 3, 90));
}

}  // namespace
}  // namespace kiloword
