// Orientation in each of the places where a file may state it.
#include <gtest/gtest.h>

#include "image/test_images.h"
#include "kiloword/image/decode.h"
#include "kiloword/image/probe.h"

namespace kiloword {
namespace {

using namespace std::string_literals;
using test::deflated;
using test::little_endian;
using test::png_chunk;
using test::sample;
using test::tiff_entry;

const std::string kExif6 =
    "II*\0"s + little_endian(8, 4) + little_endian(1, 2) + tiff_entry(0x0112, 3, 1, 6) + little_endian(0, 4);
const std::string kXmp8 = "<rdf:Description tiff:Orientation=\"8\"/>";

/// The sample without orientation, with `chunk` before its end or before its pixels.
std::string png_with(const std::string& chunk, bool at_end) {
  std::string png = sample("rgb.png");
  return png.insert(at_end ? png.size() - 12 : 33, chunk);
}

/// As ImageMagick writes it.
std::string raw_profile(const std::string& kind, const std::string& exif) {
  std::string text = "\n" + kind + "\n" + std::to_string(exif.size()) + "\n";
  for (size_t i = 0; i < exif.size(); ++i) {
    constexpr char kDigits[] = "0123456789abcdef";
    text += kDigits[static_cast<uint8_t>(exif[i]) >> 4];
    text += kDigits[static_cast<uint8_t>(exif[i]) & 15];
    if (i % 36 == 35) text += '\n';
  }
  return text + "\n";
}

TEST(Orientation, TextsOfPngStateIt) {
  const std::string exif = raw_profile("exif", "Exif\0\0"s + kExif6);
  for (const bool at_end : {false, true}) {
    for (const std::string& chunk :
         {png_chunk("tEXt", "Raw profile type exif\0"s + exif),
          png_chunk("tEXt", "Raw profile type exif\0"s + raw_profile("exif", kExif6)),
          png_chunk("zTXt", "Raw profile type exif\0\0"s + deflated(exif)),
          png_chunk("zTXt", "Raw profile type APP1\0\0"s + deflated(exif)),
          png_chunk("iTXt", "Raw profile type APP1\0\1\0\0\0"s + deflated(exif))}) {
      EXPECT_EQ(probe_image(png_with(chunk, at_end)).orientation, 6) << chunk.substr(4, 30);
    }
    EXPECT_EQ(
        probe_image(png_with(png_chunk("iTXt", "XML:com.adobe.xmp\0\0\0\0\0"s + kXmp8), at_end)).orientation,
        8);
  }
  const Image image =
      decode_image(png_with(png_chunk("zTXt", "Raw profile type exif\0\0"s + deflated(exif)), true));
  EXPECT_EQ(test::checksum(image), 0x89bd9017U);  // of turned.png
}

TEST(Orientation, SomeTextsOfPngAreLookedAt) {
  const std::string useless =
      png_chunk("zTXt", "Raw profile type exif\0\0"s + deflated(std::string(1 << 20, ' ')));
  const std::string useful = png_chunk("tEXt", "Raw profile type exif\0"s + raw_profile("exif", kExif6));
  std::string many;
  for (int i = 0; i < 15; ++i) many += useless;
  EXPECT_EQ(probe_image(png_with(many + useful, false)).orientation, 6);
  EXPECT_EQ(probe_image(png_with(many + useless + useful, false)).orientation, 1);
}

TEST(Orientation, MayBeANumberOfAnyType) {
  for (const int type : {3, 4, 8, 9}) {  // of two and four bytes, without a sign and with one
    const std::string exif = "II*\0"s + little_endian(8, 4) + little_endian(1, 2) +
                             tiff_entry(0x0112, type, 1, 6) + little_endian(0, 4);
    EXPECT_EQ(probe_image(png_with(png_chunk("eXIf", exif), false)).orientation, 6) << type;
  }
}

TEST(Orientation, ExifCountsMoreThanXmp) {
  const std::string xmp = png_chunk("iTXt", "XML:com.adobe.xmp\0\0\0\0\0"s + kXmp8);
  EXPECT_EQ(probe_image(png_with(xmp + png_chunk("eXIf", kExif6), false)).orientation, 6);
  const auto app1 = [](const std::string& data) {
    return "\xFF\xE1"s + test::big_endian(data.size() + 2, 2) + data;
  };
  std::string jpeg = sample("rgb.jpg");
  jpeg.insert(2, app1("http://ns.adobe.com/xap/1.0/\0<tiff:Orientation>3</tiff:Orientation>"s));
  EXPECT_EQ(probe_image(jpeg).orientation, 3);
  jpeg.insert(2, app1("Exif\0\0"s + kExif6));
  EXPECT_EQ(probe_image(jpeg).orientation, 6);
}

TEST(Orientation, IllFormedTextsStateNothing) {
  for (const std::string& text : {""s, "\n"s, "\nexif"s, "\nexif\n9\n"s, "\nexif\n9\n4"s,
                                  "\nexif\n9\nzz4949\n"s, raw_profile("exif", kExif6.substr(0, 12))}) {
    EXPECT_EQ(probe_image(png_with(png_chunk("tEXt", "Raw profile type exif\0"s + text), false)).orientation,
              1);
  }
  for (const char* xmp : {"", "tiff:Orientation", "tiff:Orientation=\"", "tiff:Orientation=\"9\""}) {
    EXPECT_EQ(
        probe_image(png_with(png_chunk("iTXt", "XML:com.adobe.xmp\0\0\0\0\0"s + xmp), false)).orientation, 1);
  }
}

}  // namespace
}  // namespace kiloword
