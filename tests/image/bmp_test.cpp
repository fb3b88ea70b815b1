// BMP files of every kind of header, written here pixel by pixel.
#include <gtest/gtest.h>

#include <string>

#include "image/test_images.h"
#include "kiloword/image/decode.h"

namespace kiloword {
namespace {

using namespace std::string_literals;
using test::little_endian;

using Pixels = std::vector<uint8_t>;

/// A file of 2 x 2 pixels behind `header`, whose palette and rows (from the bottom) follow.
std::string bmp(const std::string& header, const std::string& palette, const std::string& rows) {
  return "BM"s + little_endian(0, 8) + little_endian(14 + header.size() + palette.size(), 4) + header +
         palette + rows;
}

std::string core_header(int bits) {
  return little_endian(12, 4) + little_endian(2, 2) + little_endian(2, 2) + little_endian(1, 2) +
         little_endian(static_cast<uint64_t>(bits), 2);
}

/// OS/2 2.x or Windows', of `size` bytes; what lies behind the compression is zero.
std::string long_header(size_t size, int bits, int compression = 0) {
  std::string header = little_endian(size, 4) + little_endian(2, 4) + little_endian(2, 4) +
                       little_endian(1, 2) + little_endian(static_cast<uint64_t>(bits), 2) +
                       little_endian(static_cast<uint64_t>(compression), 4);
  header.resize(size, '\0');
  return header;
}

// Blue, green, red of the colours 0 (red) and 1 (1, 2, 3).
const std::string kColors3 = "\0\0\xFF\3\2\1"s;
const std::string kColors4 = "\0\0\xFF\0\3\2\1\0"s;
const Pixels kExpected = {255, 0, 0, 1, 2, 3, 1, 2, 3, 255, 0, 0};

/// The palette filled up to the number of colours that `bits` give.
std::string palette(const std::string& colors, size_t entry, int bits) {
  std::string out = colors;
  out.resize(entry << bits, '\0');
  return out;
}

TEST(Bmp, HeadersOfOs2AreRead) {
  const std::string rows_24 = "\3\2\1\0\0\xFF\0\0"s + "\0\0\xFF\3\2\1\0\0"s;
  EXPECT_EQ(decode_image(bmp(core_header(24), "", rows_24)).rgb, kExpected);
  const std::string rows_1 = "\x80\0\0\0\x40\0\0\0"s;
  const std::string rows_4 = "\x10\0\0\0\x01\0\0\0"s;
  const std::string rows_8 = "\1\0\0\0\0\1\0\0"s;
  EXPECT_EQ(decode_image(bmp(core_header(1), palette(kColors3, 3, 1), rows_1)).rgb, kExpected);
  EXPECT_EQ(decode_image(bmp(core_header(4), palette(kColors3, 3, 4), rows_4)).rgb, kExpected);
  EXPECT_EQ(decode_image(bmp(core_header(8), palette(kColors3, 3, 8), rows_8)).rgb, kExpected);
  for (const size_t size : {16U, 24U, 36U, 40U, 48U, 64U}) {
    EXPECT_EQ(decode_image(bmp(long_header(size, 24), "", rows_24)).rgb, kExpected) << size;
    EXPECT_EQ(decode_image(bmp(long_header(size, 1), palette(kColors4, 4, 1), rows_1)).rgb, kExpected)
        << size;
    EXPECT_EQ(decode_image(bmp(long_header(size, 4), palette(kColors4, 4, 4), rows_4)).rgb, kExpected)
        << size;
    EXPECT_EQ(decode_image(bmp(long_header(size, 8), palette(kColors4, 4, 8), rows_8)).rgb, kExpected)
        << size;
  }
}

TEST(Bmp, RunLengthsAreUnpacked) {
  EXPECT_EQ(
      decode_image(bmp(long_header(40, 8, 1), palette(kColors4, 4, 8), "\1\1\1\0\0\0"s + "\1\0\1\1\0\1"s))
          .rgb,
      kExpected);
  EXPECT_EQ(
      decode_image(bmp(long_header(40, 4, 2), palette(kColors4, 4, 4), "\2\x10\0\0"s + "\2\x01\0\1"s)).rgb,
      kExpected);
  // A jump over the upper left pixel leaves it of colour 0; three literals reach over the row's end.
  EXPECT_EQ(decode_image(bmp(long_header(40, 8, 1), palette(kColors4, 4, 8),
                             "\0\3\1\0\1\0\0\0"s + "\0\2\1\0\1\1\0\1"s))
                .rgb,
            kExpected);
}

TEST(Bmp, MasksSayWhereColoursAre) {
  const std::string masks_565 = little_endian(0xF800, 4) + little_endian(0x7E0, 4) + little_endian(0x1F, 4);
  const std::string white_and_red = "\xFF\xFF\x00\xF8"s;
  const Pixels expected = {255, 255, 255, 255, 0, 0, 255, 255, 255, 255, 0, 0};
  EXPECT_EQ(decode_image(bmp(long_header(40, 16, 3) + masks_565, "", white_and_red + white_and_red)).rgb,
            expected);
  // Without masks the fourth byte is of no meaning, with one it is the opacity.
  const std::string row = "\0\0\xFF\0\0\0\xFF\0"s;
  const Pixels red = {255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0};
  EXPECT_EQ(decode_image(bmp(long_header(40, 32), "", row + row)).rgb, red);
  std::string header = long_header(108, 32, 3);
  header.replace(40, 16,
                 little_endian(0xFF0000, 4) + little_endian(0xFF00, 4) + little_endian(0xFF, 4) +
                     little_endian(0xFF000000, 4));
  EXPECT_EQ(decode_image(bmp(header, "", row + row)).rgb, Pixels(12, 255));
}

}  // namespace
}  // namespace kiloword
