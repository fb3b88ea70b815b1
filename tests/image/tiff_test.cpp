// TIFF files of 2 x 1 pixels, in each way that samples may be stored.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <string>
#include <utility>

#include "image/test_images.h"
#include "kiloword/base/error.h"
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
  uint32_t format = 0;  ///< of samples; 0: not stated
};

std::string tiff(const Kind& kind, const std::string& data) {
  std::string entries = tiff_entry(256, 4, 1, 2) + tiff_entry(257, 4, 1, 1) +
                        tiff_entry(258, 3, 1, kind.bits) + tiff_entry(262, 3, 1, kind.photometric);
  const size_t count = 8 + (kind.extra >= 0 ? 1 : 0) + (kind.format > 0 ? 1 : 0);
  entries += tiff_entry(273, 4, 1, static_cast<uint32_t>(8 + 2 + count * 12 + 4)) +
             tiff_entry(277, 3, 1, kind.samples) + tiff_entry(278, 4, 1, 1) +
             tiff_entry(279, 4, 1, static_cast<uint32_t>(data.size()));
  if (kind.extra >= 0) entries += tiff_entry(338, 3, 1, static_cast<uint32_t>(kind.extra));
  if (kind.format > 0) entries += tiff_entry(339, 3, 1, kind.format);
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

/// What grey is left of two samples.
std::pair<int, int> grey_of(uint32_t bits, uint32_t format, const std::string& data) {
  const Pixels pixels = decoded({kBlackIsZero, 1, -1, bits, format}, data);
  return {pixels.at(0), pixels.at(3)};
}

std::string float_bytes(float first, float second) {
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &first, 4);
  std::memcpy(bytes.data() + 4, &second, 4);
  return bytes;
}

TEST(Tiff, GreyOfEveryKindThatPillowReads) {
  constexpr uint32_t kSigned = 2, kFloat = 3;
  const auto in_32_bits = [](uint32_t a, uint32_t b) { return little_endian(a, 4) + little_endian(b, 4); };
  EXPECT_EQ(grey_of(12, 0, "\x12\x3A\xBC"), std::pair(0x12, 0xAB));
  EXPECT_EQ(grey_of(8, kSigned, "\x12\xF0"), std::pair(0x12, 0xF0));
  EXPECT_EQ(grey_of(16, kSigned, "\xFF\xFF\x12\0"s), std::pair(0, 0x12));
  EXPECT_EQ(grey_of(16, kSigned, "\0\1\xFF\0"s), std::pair(255, 255));
  EXPECT_EQ(grey_of(32, 0, in_32_bits(7, 300)), std::pair(7, 255));
  EXPECT_EQ(grey_of(32, kSigned, in_32_bits(0xFFFFFFFF, 254)), std::pair(0, 254));
  EXPECT_EQ(grey_of(32, kFloat, float_bytes(-3.5F, 99.9F)), std::pair(0, 99));
  EXPECT_EQ(grey_of(32, kFloat, float_bytes(1e9F, NAN)), std::pair(255, 0));
  EXPECT_EQ(grey_of(32, kFloat, float_bytes(1.0F, 0.5F)), std::pair(255, 127)) << "full intensity is 1";
}

TEST(Tiff, WhatPillowDoesNotReadEitherIsUnsupportedNotCorrupt) {
  constexpr uint32_t kFloat = 3;
  const std::pair<Kind, std::string> kinds[] = {
      {{kBlackIsZero, 1, -1, 64, kFloat}, std::string(16, '\0')},
      {{kBlackIsZero, 1, -1, 16, kFloat}, std::string(4, '\0')},
      {{kRgb, 3, -1, 32, kFloat}, std::string(24, '\0')},
      {{kBlackIsZero, 1, -1, 24}, std::string(6, '\0')},
  };
  for (const auto& [kind, data] : kinds) {
    try {
      decoded(kind, data);
      ADD_FAILURE() << kind.bits << " bits are decoded";
    } catch (const Error& error) {
      EXPECT_EQ(error.message().rfind("TIFF that cannot be read: ", 0), 0U) << error.message();
    }
  }
}

TEST(Tiff, BigFilesHaveOffsetsOf64Bits) {
  const auto entry = [](uint32_t tag, uint32_t type, uint64_t value) {
    return little_endian(tag, 2) + little_endian(type, 2) + little_endian(1, 8) + little_endian(value, 8);
  };
  constexpr size_t kEntries = 9;
  const std::string bytes = "II+\0\x08\0\0\0"s + little_endian(16, 8) + little_endian(kEntries, 8) +
                            entry(256, 4, 2) + entry(257, 4, 1) + entry(258, 3, 8) +
                            entry(262, 3, kBlackIsZero) + entry(273, 4, 16 + 8 + kEntries * 20 + 8) +
                            entry(274, 3, 2) + entry(277, 3, 1) + entry(278, 4, 1) + entry(279, 4, 2) +
                            little_endian(0, 8) + "\x0A\x14";
  EXPECT_EQ(decode_image(bytes).rgb, (Pixels{20, 20, 20, 10, 10, 10})) << "mirrored, as tag 274 asks";
}

}  // namespace
}  // namespace kiloword
