// Rows of PNG taken apart here against those that libpng takes apart.
#include "image/png_rows.h"

#include <gtest/gtest.h>

#include <string>

#include "image/test_images.h"
#include "kiloword/base/error.h"
#include "kiloword/image/decode.h"

namespace kiloword {
namespace {

using test::deflated;
using test::png_chunk;
using test::sample;

Image by_rows(const std::string& bytes) {
  return decode_png_rows(bytes, probe_image(bytes), DecodeContext());
}

/// A PNG of noise, whose rows have all filters in turn; `chunks` come before the pixels, which are cut into
/// two chunks.
std::string noise(uint32_t width, uint32_t height, int bits, int type, const std::string& chunks = "") {
  const uint32_t samples = type == 2 ? 3 : type == 4 ? 2 : type == 6 ? 4 : 1;
  const size_t row_bytes = (size_t{width} * samples * static_cast<uint32_t>(bits) + 7) / 8;
  std::string rows;
  uint32_t state = 1;
  for (uint32_t y = 0; y < height; ++y) {
    rows += static_cast<char>(y % 5);
    for (size_t i = 0; i < row_bytes; ++i)
      rows += static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  }
  const std::string data = deflated(rows);
  return test::png_start(width, height, bits, type) + chunks +
         png_chunk("IDAT", data.substr(0, data.size() / 3)) +
         png_chunk("IDAT", data.substr(data.size() / 3)) + png_chunk("IEND", "");
}

std::string colors(size_t count) {
  std::string palette;
  for (size_t i = 0; i < count * 3; ++i) palette += static_cast<char>(i * 7);
  return png_chunk("PLTE", palette);
}

TEST(PngRows, EqualThoseOfLibpng) {
  for (const char* name : {"rgb.png", "rgba.png", "grey.png", "palette.png", "palette_alpha.png",
                           "grey_key.png", "sixteen.png"}) {
    EXPECT_TRUE(has_png_rows(sample(name)));
    EXPECT_EQ(by_rows(sample(name)).rgb, decode_image(sample(name)).rgb) << name;
  }
  for (const uint32_t width : {1U, 7U, 13U, 5000U}) {
    for (const int type : {0, 2, 4, 6}) {
      for (const int bits : {1, 2, 4, 8, 16}) {
        if (bits < 8 && type != 0) continue;
        const std::string bytes = noise(width, 7, bits, type);
        EXPECT_EQ(by_rows(bytes).rgb, decode_image(bytes).rgb)
            << width << " of type " << type << ", " << bits;
        const std::string one = noise(width, 1, bits, type);
        EXPECT_EQ(by_rows(one).rgb, decode_image(one).rgb) << width << " of type " << type << ", " << bits;
      }
    }
    for (const int bits : {1, 2, 4, 8}) {
      const std::string chunks = colors(size_t{1} << bits) + png_chunk("tRNS", "\x10\x80");
      const std::string bytes = noise(width, 7, bits, 3, chunks);
      EXPECT_EQ(by_rows(bytes).rgb, decode_image(bytes).rgb) << width << " of a palette, " << bits;
    }
  }
}

TEST(PngRows, DamageIsTold) {
  const auto error_of = [](const std::string& bytes) -> std::string {
    try {
      by_rows(bytes);
      return "decodes";
    } catch (const Error& error) {
      return error.message();
    }
  };
  const std::string whole = noise(40, 7, 8, 2);
  EXPECT_EQ(error_of(whole), "decodes");
  for (size_t size = 34; size + 16 < whole.size(); size += 9) {
    EXPECT_EQ(error_of(whole.substr(0, size)), "truncated PNG") << size;
  }
  EXPECT_EQ(error_of(test::patched(whole, 60, "x")), "corrupt PNG: IDAT: CRC error");
  EXPECT_EQ(
      error_of(test::png_start(4, 4, 8, 0) + png_chunk("IDAT", deflated("\x09only")) + png_chunk("IEND", "")),
      "corrupt PNG: bad adaptive filter value");
  EXPECT_EQ(
      error_of(test::png_start(4, 4, 8, 0) + png_chunk("IDAT", deflated("\x01less")) + png_chunk("IEND", "")),
      "corrupt PNG: Not enough image data");
  EXPECT_EQ(
      error_of(test::png_start(4, 4, 8, 0) + png_chunk("IDAT", "no zlib stream") + png_chunk("IEND", ""))
          .rfind("corrupt PNG: IDAT: ", 0),
      0U);
  EXPECT_EQ(error_of(noise(4, 4, 8, 3, colors(2))), "corrupt PNG: an index outside of its palette");
}

}  // namespace
}  // namespace kiloword
