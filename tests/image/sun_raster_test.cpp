#include <gtest/gtest.h>

#include <string>

#include "image/test_images.h"
#include "kiloword/base/error.h"
#include "kiloword/image/decode.h"

namespace kiloword {
namespace {

using namespace std::string_literals;
using test::big_endian;

using Pixels = std::vector<uint8_t>;

constexpr uint32_t kStandard = 1, kRunLengths = 2, kRgb = 3;

/// A file of 2 x 1 pixels.
std::string raster(uint32_t depth, uint32_t kind, const std::string& data, const std::string& map = "") {
  return big_endian(0x59A66A95, 4) + big_endian(2, 4) + big_endian(1, 4) + big_endian(depth, 4) +
         big_endian(data.size(), 4) + big_endian(kind, 4) + big_endian(map.empty() ? 0 : 1, 4) +
         big_endian(map.size(), 4) + map + data;
}

TEST(SunRaster, EveryKindOfPixels) {
  EXPECT_EQ(decode_image(raster(24, kStandard, "\3\2\1\6\5\4")).rgb, (Pixels{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(decode_image(raster(24, kRgb, "\1\2\3\4\5\6")).rgb, (Pixels{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(decode_image(raster(32, kStandard, "\0\3\2\1\0\6\5\4"s)).rgb, (Pixels{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(decode_image(raster(8, kStandard, "\1\2")).rgb, (Pixels{1, 1, 1, 2, 2, 2}));
  EXPECT_EQ(decode_image(raster(8, kStandard, "\1\0"s, "\7\1\6\2\5\3")).rgb, (Pixels{1, 2, 3, 7, 6, 5}));
  EXPECT_EQ(decode_image(raster(1, kStandard, "\x40\0"s)).rgb, (Pixels{255, 255, 255, 0, 0, 0}));
}

TEST(SunRaster, RunLengths) {
  EXPECT_EQ(decode_image(raster(24, kRunLengths, "\x80\5\7")).rgb, (Pixels{7, 7, 7, 7, 7, 7}));
  EXPECT_EQ(decode_image(raster(8, kRunLengths, "\x80\0\1"s)).rgb, (Pixels{128, 128, 128, 1, 1, 1}));
}

TEST(SunRaster, CutOffAndUnsupportedAreTwoMessages) {
  const auto error_of = [](const std::string& bytes) -> std::string {
    try {
      decode_image(bytes);
      return "decodes";
    } catch (const Error& error) {
      return error.message();
    }
  };
  EXPECT_EQ(error_of(raster(24, kStandard, "\3\2\1\6\5")), "truncated Sun raster");
  EXPECT_EQ(error_of(raster(24, kRunLengths, "\x80\4\7")), "truncated Sun raster");
  EXPECT_EQ(error_of(raster(16, kStandard, "1234")), "Sun raster of 16 bits and kind 1 is not supported");
  EXPECT_EQ(error_of(raster(24, 4, "123456")), "Sun raster of 24 bits and kind 4 is not supported");
}

}  // namespace
}  // namespace kiloword
