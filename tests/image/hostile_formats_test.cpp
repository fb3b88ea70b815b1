// Hostile files of the formats of libraries and programs; what is not built in or installed is skipped.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "image/hostile_file.h"
#include "image/test_images.h"
#include "kiloword/base/bounded_child.h"
#include "kiloword/image/codecs.h"
#include "kiloword/image/probe.h"

namespace kiloword {
namespace {

using namespace std::string_literals;
using test::expect_messages;
using test::HostileFile;
using test::patched;

std::string sample(const std::string& name) {
  return test::sample("formats/" + name);
}

/// Whether the library or program `name` is there.
bool has_codec(const std::string& name) {
  for (const OptionalCodec& codec : optional_codecs()) {
    if (codec.name == name) return codec.state.find("install") == std::string::npos;
  }
  return false;
}

/// Cut off anywhere, and with bytes overwritten anywhere, a file decodes or is refused for a reason.
void expect_refused_or_decoded(const std::string& name) {
  const std::string bytes = sample(name);
  const auto attempt = [&](const std::string& file) {
    try {
      decode_image(file);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kInput) << name;
      EXPECT_NE(error.remedy(), "") << name << ": " << error.message();
    }
  };
  const size_t step = std::max<size_t>(bytes.size() / 60, 1);
  for (size_t at = 0; at < bytes.size(); at += step) {
    attempt(bytes.substr(0, at));
    for (const char patch : {'\0', '\xFF', '\x7F'}) attempt(patched(bytes, at, std::string(1, patch)));
  }
}

TEST(HostileFormats, DamagedAnywhere) {
  for (const char* name : {"rgb.heic", "alpha.avif", "alpha.jxl", "lossy.jxl", "raw-6.dng", "icon-8.ico",
                           "png.ico", "rle.tga", "palette.tga", "grey.pam"}) {
    expect_refused_or_decoded(name);
  }
}

TEST(HostileFormats, Heif) {
  if (!has_codec("libheif")) GTEST_SKIP() << "built without libheif";
  const std::string heic = sample("rgb.heic");
  expect_messages({{"HEIC cut in its pixels", heic.substr(0, heic.size() - 100), "truncated HEIC"}});
  try {
    decode_image("\0\0\0\x1C"s + "ftypavif" + std::string(40, '\0'));
    ADD_FAILURE() << "an AVIF brand alone is no image";
  } catch (const Error& error) {  // libheif 1.15 calls it unsupported, 1.19 too short
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    EXPECT_NE(std::string(error.message()).find("AVIF"), std::string::npos) << error.message();
  }
}

TEST(HostileFormats, Jxl) {
  if (!has_codec("libjxl")) GTEST_SKIP() << "built without libjxl";
  const std::string jxl = sample("lossless.jxl");
  expect_messages({
      {"JPEG XL signature alone", "\xFF\x0A", "truncated JPEG XL"},
      {"JPEG XL cut", jxl.substr(0, jxl.size() - 10), "truncated JPEG XL"},
      {"JPEG XL container alone", "\0\0\0\x0CJXL \r\n\x87\n"s, "truncated JPEG XL"},
  });
}

TEST(HostileFormats, Raw) {
  if (!has_codec("LibRaw")) GTEST_SKIP() << "built without LibRaw";
  const std::string dng = sample("raw-1.dng");
  expect_messages({
      {"RAW cut in its pixels", dng.substr(0, dng.size() - 3000), "truncated RAW"},
      {"RAW of an unknown camera", "FUJIFILMCCD-RAW "s + std::string(200, '\0'),
       "RAW file of a camera that LibRaw does not know"},
  });
}

TEST(HostileFormats, Icons) {
  const std::string icon = sample("icon-24.ico");
  expect_messages({
      {"icon directory alone", "\0\0\1\0\1\0"s, "truncated ICO"},
      {"icon outside of its file", patched(icon, 18, "\xFF\xFF\xFF\xFF"), "truncated ICO"},
      {"icon cut", icon.substr(0, 500), "truncated ICO"},
      {"icon of an unknown header", patched(icon, 22, "\x63"), "corrupt ICO: unknown header"},
      {"icon of 2 bits", patched(icon, 36, "\2"), "ICO of 2 bits a pixel is not supported"},
      {"icon of negative width", patched(icon, 26, "\xFF\xFF\xFF\xFF"),
       "corrupt ICO: an image of -1 x 16 pixels"},
      {"icon claiming 2^31-1 x 2^30-1", patched(icon, 26, "\xFF\xFF\xFF\x7F\xFF\xFF\xFF\x7F"),
       "image of 2147483647 x 1073741823 pixels is over the limit of 178956970"},
      {"icon of packed pixels", patched(icon, 38, "\1"), "ICO of packed pixels is not supported"},
      {"cursor", patched(icon, 2, "\2"), "decodes"},
  });
}

TEST(HostileFormats, PamAndTga) {
  const std::string pam = sample("grey.pam");
  const std::string tga = sample("rle.tga");
  const std::string palette = sample("palette.tga");
  expect_messages({
      {"PAM header alone", "P7\n", "truncated PAM"},
      {"text that begins like a PAM", "P7 is a plan", "not an image file"},
      {"PAM cut", pam.substr(0, 1000), "truncated PAM"},
      {"PAM without a depth", "P7\nWIDTH 1\nHEIGHT 1\nENDHDR\nx",
       "PAM of 0 samples a pixel is not supported"},
      {"PAM of a word for a width", "P7\nWIDTH wide\n", "corrupt PAM: a number is missing"},
      {"PAM claiming 10^30 pixels", "P7\nWIDTH 1" + std::string(30, '0') + "\nHEIGHT 2147483647\nENDHDR\n",
       "image of 2147483647 x 2147483647 pixels is over the limit of 178956970"},
      {"PAM without an end", "P7\n" + std::string(5000, '\n'), "corrupt PAM: a header without end"},
      {"PAM of 12000 x 12000 pixels that are not there",
       "P7\nWIDTH 12000\nHEIGHT 12000\nDEPTH 3\nMAXVAL 255\nENDHDR\n", "truncated PAM"},
      {"TGA cut in its runs", tga.substr(0, 400), "truncated TGA"},
      {"TGA without its footer", tga.substr(0, tga.size() - 26), "decodes"},
      {"TGA of an unknown kind", patched(tga, 2, "\x20"), "not an image file"},
      {"TGA of a colour outside of its palette", patched(palette, 5, "\1\0"s),
       "corrupt TGA: a colour outside of its palette"},
      {"TGA claiming 65535 x 65535",
       "\0\0\2"s + std::string(9, '\0') + "\xFF\xFF\xFF\xFF\x18\0"s + std::string(64, 'x'), "truncated TGA"},
  });
}

/// Of an SVG drawing, whether its middle is still white.
bool is_blank(const std::string& svg) {
  const Image image = decode_image(svg);
  const size_t middle = (static_cast<size_t>(image.height) / 2 * static_cast<size_t>(image.width) +
                         static_cast<size_t>(image.width) / 2) *
                        3;
  return image.rgb[middle] == 255 && image.rgb[middle + 1] == 255;
}

TEST(HostileFormats, SvgReadsNothingElse) {
  if (!has_codec("rsvg-convert")) GTEST_SKIP() << "rsvg-convert is not installed";
  const std::string picture = KILOWORD_TESTS_DIR "/image/data/rgb.png";
  const std::string head =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"40\" "
      "height=\"40\">";
  const auto with_image = [&](const std::string& target) {
    return head + "<image width=\"40\" height=\"40\" xlink:href=\"" + target + "\"/></svg>";
  };
  EXPECT_FALSE(is_blank(head + "<rect width=\"40\" height=\"40\" fill=\"#102030\"/></svg>"));
  EXPECT_TRUE(is_blank(with_image("file://" + picture)));
  EXPECT_TRUE(is_blank(with_image(picture)));
  EXPECT_TRUE(is_blank(with_image("http://127.0.0.1:1/x.png")));
  EXPECT_TRUE(is_blank(head + "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" parse=\"text\" "
                              "href=\"file:///etc/passwd\"/></svg>"));
}

TEST(HostileFormats, Svg) {
  if (!has_codec("rsvg-convert")) GTEST_SKIP() << "rsvg-convert is not installed";
  const std::string head = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"40\">";
  std::string laughs = "<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY a \"lol\">";
  for (char name = 'b'; name <= 'k'; ++name) {
    laughs += "<!ENTITY "s + name + " \"";
    for (int i = 0; i < 10; ++i) laughs += "&"s + static_cast<char>(name - 1) + ";";
    laughs += "\">";
  }
  laughs += "]>" + head + "<text>&k;</text></svg>";
  for (const std::string& file :
       {head, laughs, "<svg>"s + std::string(100, '\xFF'), "<?xml version=\"1.0\"?><svg"s}) {
    try {
      decode_image(file);
      ADD_FAILURE() << file.substr(0, 60);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kInput);
      EXPECT_NE(error.message().find("SVG"), std::string::npos) << error.message();
    }
  }
  EXPECT_THROW(decode_image("<?xml version=\"1.0\"?><html/>" + std::string(100, ' ')), Error);
}

TEST(HostileFormats, Pdf) {
  if (!has_codec("pdftoppm")) GTEST_SKIP() << "pdftoppm is not installed";
  DecodeLimits limits;
  limits.page = 2;
  const Image second = decode_image(sample("pages.pdf"), limits);
  EXPECT_GT(second.rgb[2], 150);  // blue
  limits.page = 3;
  try {
    decode_image(sample("pages.pdf"), limits);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "PDF has no page 3");
    EXPECT_EQ(error.remedy(), "give another --page");
  }
  limits.page = 1;
  limits.max_pixels = 10000;
  EXPECT_EQ(decode_image(sample("pages.pdf"), limits).width, 100);
  EXPECT_THROW(decode_image("%PDF-1.7\n"), Error);
}

TEST(HostileFormats, LibrariesPrintNothing) {
  for (const char* name : {"lossless.jxl", "lossy.jxl", "rgb.heic", "rgb.avif", "raw-1.dng"}) {
    const std::string bytes = sample(name);
    ::testing::internal::CaptureStderr();
    for (size_t at = 0; at < bytes.size(); at += std::max<size_t>(bytes.size() / 100, 1)) {
      const std::string damaged = patched(bytes, at, "\xFF");
      try {
        probe_image(damaged);
        decode_image(damaged);
      } catch (const Error&) {
        // told by other tests
      }
    }
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "") << name;
  }
  ::testing::internal::CaptureStderr();
  std::fputs("still there", stderr);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "still there");
}

}  // namespace
}  // namespace kiloword
