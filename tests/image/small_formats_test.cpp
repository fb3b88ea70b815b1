// Variants of small formats that other programs read, and formats that are told apart only to be refused by
// name.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "image/test_images.h"
#include "kiloword/base/error.h"
#include "kiloword/image/codecs.h"
#include "kiloword/image/decode.h"
#include "kiloword/image/probe.h"

namespace kiloword {
namespace {

using namespace std::string_literals;
using test::little_endian;

using Pixels = std::vector<uint8_t>;

/// A TGA of two pixels, blue first, that states `alpha_bits`.
Pixels tga(int alpha_bits, const std::string& pixels) {
  return decode_image("\0\0\2"s + std::string(9, '\0') + little_endian(2, 2) + little_endian(1, 2) + "\x20"s +
                      static_cast<char>(alpha_bits) + pixels + std::string(8, '\0') + "TRUEVISION-XFILE.\0"s)
      .rgb;
}

TEST(Tga, AnOpacityCountsWhetherStatedOrNot) {
  const std::string half = "\0\0\0\x80\0\0\0\xFF"s;
  for (const int alpha_bits : {0, 8}) {
    EXPECT_EQ(tga(alpha_bits, half), (Pixels{127, 127, 127, 0, 0, 0})) << alpha_bits;
  }
  EXPECT_EQ(tga(8, "\0\0\0\0\0\0\0\0"s), (Pixels{255, 255, 255, 255, 255, 255}));
  EXPECT_EQ(tga(0, "\1\2\3\0\4\5\6\0"s), (Pixels{3, 2, 1, 6, 5, 4}));  // nobody wrote one
}

TEST(Gif, WithoutATableIndicesAreGrey) {
  // Codes of three bits: clear, 0, 1, clear, 2, 3, end.
  const std::string gif = "GIF89a\4\0\1\0\0\0\0,\0\0\0\0\4\0\1\0\0\2\3\x44\xa8\x15\0;"s;
  EXPECT_EQ(decode_image(gif).rgb, (Pixels{0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3}));
}

TEST(Ico, SixteenBitsAreFiveOfEachColour) {
  const std::string bitmap = little_endian(40, 4) + little_endian(2, 4) + little_endian(2, 4) +
                             little_endian(1, 2) + little_endian(16, 2) + std::string(24, '\0') +
                             "\0\x7C\x1F\0"s + std::string(4, '\0');  // red, blue; the mask
  const std::string icon =
      "\0\0\1\0\1\0\2\1\0\0\1\0\x10\0"s + little_endian(bitmap.size(), 4) + little_endian(22, 4) + bitmap;
  EXPECT_EQ(decode_image(icon).rgb, (Pixels{255, 0, 0, 0, 0, 255}));
}

bool has_codec(const std::string& name) {
  for (const OptionalCodec& codec : optional_codecs()) {
    if (codec.name == name) return codec.state.find("install") == std::string::npos;
  }
  return false;
}

std::string gzipped(const std::string& text) {
  const std::string raw = test::deflated(text);  // a zlib stream: two bytes, the data, four bytes
  const auto crc = crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size()));
  return "\x1F\x8B\x08\0\0\0\0\0\0\3"s + raw.substr(2, raw.size() - 6) + little_endian(crc, 4) +
         little_endian(text.size(), 4);
}

std::string utf16(const std::string& text) {
  std::string out = "\xFF\xFE"s;
  for (const char c : text) out += {c, '\0'};
  return out;
}

TEST(Svg, IsReadHoweverItIsWritten) {
  if (!has_codec("rsvg-convert")) GTEST_SKIP() << "rsvg-convert is not installed";
  const std::string red = "width=\"4\" height=\"2\"><{}rect width=\"4\" height=\"2\" fill=\"red\"/></{}svg>";
  const auto with_prefix = [&red](const std::string& prefix) {
    std::string text = red;
    for (size_t at = 0; (at = text.find("{}")) != std::string::npos;) text.replace(at, 2, prefix);
    const std::string name = prefix.empty() ? "" : ":" + prefix.substr(0, prefix.size() - 1);
    return "<" + prefix + "svg xmlns" + name + "=\"http://www.w3.org/2000/svg\" " + text;
  };
  const std::string plain = with_prefix("");
  for (const std::string& file : {plain, with_prefix("s:"), utf16(plain), gzipped(plain)}) {
    EXPECT_NO_THROW(check_signature(file.substr(0, kSignatureBytes)));
    const Image image = decode_image(file);
    EXPECT_EQ(image.width, 2 * image.height);
    EXPECT_EQ(Pixels(image.rgb.begin(), image.rgb.begin() + 3), (Pixels{255, 0, 0}));
  }
  EXPECT_THROW(check_signature(gzipped(std::string(200, 'x')).substr(0, kSignatureBytes)), Error);
}

TEST(OtherFormats, AreRefusedByName) {
  const std::vector<std::pair<std::string, std::string>> starts{
      {"qoif\0\0\0\1", "QOI"},
      {"DDS |\0\0\0"s, "DDS"},
      {"icns\0\0\1\0"s, "ICNS"},
      {"gimp xcf v011", "XCF"},
      {"\x01\xDA\0\1\0\3"s, "SGI"},
      {"SIMPLE  =      T", "FITS"},
      {"II\xBC\x01\x08\0\0\0"s, "JPEG XR"},
      {"\x0A\5\1\x08\0\0\0\0"s, "PCX"},
      {"%!PS-Adobe-3.0 EPSF", "PostScript"},
      {"/* XPM */", "XPM"},
      {"\x8BJNG\r\n\x1A\n", "JNG"},
      {"AT&TFORM\0\0\0\1DJVU"s, "DjVu"},
      {"8BPS\0\1", "Photoshop"},
      {"SDPX\0\0", "DPX"},
      {"BPG\xFB\0", "BPG"},
  };
  for (const auto& [start, name] : starts) {
    try {
      probe_image(start + std::string(100, '\0'));
      ADD_FAILURE() << name;
    } catch (const Error& error) {
      EXPECT_NE(error.message().find(name), std::string::npos) << error.message();
      EXPECT_NE(error.message().find("not supported"), std::string::npos) << error.message();
    }
  }
}

}  // namespace
}  // namespace kiloword
