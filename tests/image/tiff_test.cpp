// TIFF files of 2 x 1 pixels, in each way that samples may be stored.
#include <gtest/gtest.h>

#include <string>

#include "image/test_images.h"
#include "kiloword/image/decode.h"

namespace kiloword {
namespace {

using namespace std::string_literals;
using test::little_endian;
using test::tiff_entry;

using Pixels = std::vector<uint8_t>;

struct Kind {
  uint32_t photometric;
  uint32_t samples;
  int extra = -1;  ///< what the last sample is; -1: no extra sample
  uint32_t bits = 8;
};

std::string tiff(const Kind& kind, const std::string& data) {
  std::string entries = tiff_entry(256, 4, 1, 2) + tiff_entry(257, 4, 1, 1) +
                        tiff_entry(258, 3, 1, kind.bits) + tiff_entry(262, 3, 1, kind.photometric);
  const size_t count = 8 + (kind.extra >= 0 ? 1 : 0);
  entries += tiff_entry(273, 4, 1, static_cast<uint32_t>(8 + 2 + count * 12 + 4)) +
             tiff_entry(277, 3, 1, kind.samples) + tiff_entry(278, 4, 1, 1) +
             tiff_entry(279, 4, 1, static_cast<uint32_t>(data.size()));
  if (kind.extra >= 0) entries += tiff_entry(338, 3, 1, static_cast<uint32_t>(kind.extra));
  return "II*\0"s + little_endian(8, 4) + little_endian(count, 2) + entries + little_endian(0, 4) + data;
}

Pixels decoded(const Kind& kind, const std::string& data) {
  return decode_image(tiff(kind, data)).rgb;
}

constexpr int kUnspecified = 0, kAssociated = 1, kUnassociated = 2;
constexpr uint32_t kWhiteIsZero = 0, kBlackIsZero = 1, kRgb = 2, kInks = 5, kCieLab = 8;

TEST(Tiff, GreyIsLaidOverWhiteOnce) {
  // 100 at an opacity of 51, a fifth: 0.2 * 100 + 0.8 * 255 = 224.
  EXPECT_EQ(decoded({kBlackIsZero, 2, kUnassociated}, "\x64\x33\x64\xFF"s),
            (Pixels{224, 224, 224, 100, 100, 100}));
  // The same stored as 20, already multiplied.
  EXPECT_EQ(decoded({kBlackIsZero, 2, kAssociated}, "\x14\x33\x64\xFF"s),
            (Pixels{224, 224, 224, 100, 100, 100}));
  EXPECT_EQ(decoded({kBlackIsZero, 2, kUnspecified}, "\x64\x33\x64\0"s),
            (Pixels{100, 100, 100, 100, 100, 100}));
  EXPECT_EQ(decoded({kWhiteIsZero, 1}, "\x64\0"s), (Pixels{155, 155, 155, 255, 255, 255}));
}

TEST(Tiff, ColoursAreLaidOverWhiteOnce) {
  EXPECT_EQ(decoded({kRgb, 4, kUnassociated}, "\x64\0\xFF\x33\1\2\3\xFF"s), (Pixels{224, 204, 255, 1, 2, 3}));
  EXPECT_EQ(decoded({kRgb, 4, kAssociated}, "\x14\0\x33\x33\1\2\3\xFF"s), (Pixels{224, 204, 255, 1, 2, 3}));
  EXPECT_EQ(decoded({kRgb, 4, kUnspecified}, "\x64\0\xFF\x33\1\2\3\0"s), (Pixels{100, 0, 255, 1, 2, 3}));
}

TEST(Tiff, InksMayHaveAnOpacity) {
  EXPECT_EQ(decoded({kInks, 4}, "\xFF\0\0\0\0\0\0\x33"s), (Pixels{0, 255, 255, 204, 204, 204}));
  EXPECT_EQ(decoded({kInks, 5, kUnassociated}, "\xFF\0\0\0\xFF\xFF\xFF\xFF\xFF\0"s),
            (Pixels{0, 255, 255, 255, 255, 255}));
}

TEST(Tiff, NeutralsOfLabAreGrey) {
  const Pixels pixels = decoded({kCieLab, 3}, "\xFF\0\0\x80\0\0"s);  // L = 100 and 50.2
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(pixels[i], 255, 1) << i;
    EXPECT_NEAR(pixels[3 + i], 119, 2) << i;
  }
  const Pixels red =
      decoded({kCieLab, 3}, "\x88\x51\x46\0\0\0"s);  // (53.3, 81, 70): sRGB's red is (53.2, 80, 67)
  EXPECT_GT(red[0], 245);
  EXPECT_LT(red[1], 30);
}

TEST(Tiff, FewAndManyBitsBecomeEight) {
  EXPECT_EQ(decoded({kBlackIsZero, 1, -1, 1}, "\x40"), (Pixels{0, 0, 0, 255, 255, 255}));
  EXPECT_EQ(decoded({kBlackIsZero, 1, -1, 4}, "\x5F"), (Pixels{85, 85, 85, 255, 255, 255}));
  EXPECT_EQ(decoded({kBlackIsZero, 1, -1, 16}, "\xFF\x10\0\x20"s), (Pixels{16, 16, 16, 32, 32, 32}));
}

}  // namespace
}  // namespace kiloword
