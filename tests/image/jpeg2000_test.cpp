// Kinds of pixels of JPEG 2000 beside those of the samples that equal Pillow's (decode_pillow.txt).
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "image/test_images.h"
#include "kiloword/base/error.h"
#include "kiloword/image/decode.h"

namespace kiloword {
namespace {

using namespace std::string_literals;
using test::patched;
using test::sample;

std::string error_of(const std::string& bytes, int64_t max_pixels = 1000) {
  try {
    DecodeLimits limits;
    limits.max_pixels = max_pixels;
    decode_image(bytes, limits);
    return "decodes";
  } catch (const Error& error) {
    return error.message();
  }
}

TEST(Jpeg2000, YcbcrBecomesRgb) {
  const Image rgb = decode_image(sample("rgb.jp2"));
  const Image ycc = decode_image(sample("ycc.jp2"));
  ASSERT_EQ(ycc.rgb.size(), rgb.rgb.size());
  for (size_t i = 0; i < rgb.rgb.size(); ++i) ASSERT_NEAR(ycc.rgb[i], rgb.rgb[i], 3) << i;
}

TEST(Jpeg2000, InksBecomeRgb) {
  const std::string rgba = sample("rgba.jp2");
  const size_t color = rgba.find("colr");
  ASSERT_NE(color, std::string::npos);
  // What was red, green, blue and opacity is taken for inks: without the box that says which is the opacity.
  std::string inks = patched(rgba, color + 7, "\0\0\0\x0C"s);
  if (const size_t channels = inks.find("cdef"); channels != std::string::npos)
    inks = patched(inks, channels, "free");
  const Image image = decode_image(inks);
  // The first pixel has the samples 0, 0, 0, 0; the last of the first row 230, 0, 0, 23.
  EXPECT_EQ(image.rgb[0], 255);
  const size_t last = 23 * 3;
  EXPECT_EQ(image.rgb[last], 255 - 23 - ((230 * (255 - 23) + 127) / 255));
  EXPECT_EQ(image.rgb[last + 1], 255 - 23);
}

TEST(Jpeg2000, CorruptCutOffAndUnsupportedAreThreeMessages) {
  const std::string stream = sample("rgb.j2k");
  EXPECT_EQ(error_of(stream), "decodes");
  EXPECT_EQ(error_of(stream.substr(0, stream.size() - 200)), "truncated JPEG 2000");
  EXPECT_EQ(error_of(patched(stream, 126, "\x09")).rfind("corrupt JPEG 2000: ", 0), 0U);
  EXPECT_EQ(error_of(patched(stream, 40, "\0\x05"s)), "JPEG 2000 of 5 components is not supported");
}

TEST(Jpeg2000, TilesThatWouldTakeMuchMemoryAreRefused) {
  const std::string stream = sample("rgb.j2k");
  const std::string tiny_tiles = patched(stream, 24, "\0\0\0\1\0\0\0\1"s);
  EXPECT_EQ(error_of(patched(tiny_tiles, 8, "\0\1\0\0\0\1\0\0"s), int64_t{1} << 32)
                .rfind("JPEG 2000 of a kind that takes ", 0),
            0U);
}

}  // namespace
}  // namespace kiloword
