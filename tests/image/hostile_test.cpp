// Files of every other format that lie or break off: what exactly is said about each.
#include <string>
#include <vector>

#include "image/hostile_file.h"
#include "image/test_images.h"

namespace kiloword {
namespace {

using namespace std::string_literals;
using test::big_endian;
using test::expect_messages;
using test::HostileFile;
using test::little_endian;
using test::patched;
using test::sample;
using test::tiff_entry;

std::string cut(const std::string& name, size_t size) {
  return sample(name).substr(0, size);
}

/// A TIFF of one directory at offset 8, followed by `data`.
std::string tiff(const std::vector<std::string>& entries, const std::string& data = "") {
  std::string out = "II*\0"s + little_endian(8, 4) + little_endian(entries.size(), 2);
  for (const std::string& entry : entries) {
    out += entry;
  }
  return out + little_endian(0, 4) + data;
}

/// A BMP of 24 bits a pixel without its pixels.
std::string bmp_header(uint32_t width, uint32_t height, int bits = 24, int compression = 0) {
  return "BM"s + little_endian(54, 4) + std::string(4, '\0') + little_endian(54, 4) + little_endian(40, 4) +
         little_endian(width, 4) + little_endian(height, 4) + little_endian(1, 2) +
         little_endian(static_cast<uint64_t>(bits), 2) +
         little_endian(static_cast<uint64_t>(compression), 4) + std::string(20, '\0');
}

/// A GIF of `width` x `height` with a table of two colours, then `blocks`.
std::string gif(uint32_t width, uint32_t height, const std::string& blocks) {
  return "GIF89a"s + little_endian(width, 2) + little_endian(height, 2) + "\x80\0\0"s +
         "\0\0\0\xFF\xFF\xFF"s + blocks;
}

std::string gif_frame(uint32_t left, uint32_t top, uint32_t width, uint32_t height, const std::string& data) {
  return ","s + little_endian(left, 2) + little_endian(top, 2) + little_endian(width, 2) +
         little_endian(height, 2) + "\0"s + data;
}

std::vector<HostileFile> no_images() {
  return {
      {"empty", "", "empty file"},
      {"one byte", "\xFF", "not an image file"},
      {"text", "A photo of a cat.\n", "not an image file"},
      {"HTML error page", "<!DOCTYPE html><html><body>404</body></html>", "not an image file"},
      {"zeros", std::string(4096, '\0'), "not an image file"},
      {"text that begins like a netpbm file", "P1an of action", "not an image file"},
      {"RIFF of another kind", "RIFF\x24\0\0\0WAVEfmt "s, "not an image file"},
      {"WEBP without RIFF", "JUNK\x24\0\0\0WEBPVP8 "s, "not an image file"},
      {"MP4", "\0\0\0\x18"s + "ftypisom" + std::string(40, '\0'), "videos are not supported"},
      {"OpenEXR", "\x76\x2F\x31\x01\2\0\0\0"s, "OpenEXR images are not supported"},
  };
}

std::vector<HostileFile> gifs() {
  const std::string one_pixel = "\2\2\x4C\1\0;"s;
  return {
      {"GIF signature alone", "GIF89a", "truncated GIF"},
      {"GIF cut in its colours", cut("flat.gif", 40), "truncated GIF"},
      {"GIF cut in its pixels", cut("flat.gif", 150), "truncated GIF"},
      {"GIF cut in the last block", cut("flat.gif", sample("flat.gif").size() - 2), "truncated GIF"},
      {"GIF without its trailer", cut("flat.gif", sample("flat.gif").size() - 1), "decodes"},
      {"GIF without a frame", gif(3, 2, ";"), "corrupt GIF: no image in it"},
      {"GIF of comments only",
       gif(3, 2,
           "!\xFE\x03"
           "abc\0;"s),
       "corrupt GIF: no image in it"},
      {"GIF with an endless extension",
       gif(3, 2,
           "!\xFE\x03"
           "abc"),
       "truncated GIF"},
      {"GIF with an unknown block", gif(3, 2, "\x99\x99"), "corrupt GIF: no image in it"},
      {"GIF frame outside of the canvas", gif(1, 1, gif_frame(5, 5, 1, 1, one_pixel)), "decodes"},
      {"GIF frame that widens the canvas to 65535",
       gif(1, 1, gif_frame(65534, 65534, 65535, 65535, one_pixel)),
       "image of 131069 x 131069 pixels is over the limit of 178956970"},
      {"GIF canvas of 65535 x 65535", gif(65535, 65535, gif_frame(0, 0, 1, 1, one_pixel)),
       "image of 65535 x 65535 pixels is over the limit of 178956970"},
      {"GIF of no size", gif(0, 0, gif_frame(0, 0, 0, 0, one_pixel)),
       "corrupt GIF: an image of 0 x 0 pixels"},
      {"GIF with an empty frame", gif(2, 2, gif_frame(0, 0, 0, 2, one_pixel)), "corrupt GIF: an empty frame"},
      {"GIF code size of 77", gif(1, 1, gif_frame(0, 0, 1, 1, "\x4D" + one_pixel)),
       "corrupt GIF: impossible code size"},
      {"GIF with broken LZW codes", gif(8, 8, gif_frame(0, 0, 8, 8, "\2\4\xFF\xFF\xFF\xFF\0;"s)),
       "corrupt GIF: Image is defective, decoding aborted"},
      {"GIF with too few pixels", gif(8, 8, gif_frame(0, 0, 8, 8, one_pixel)),
       "corrupt GIF: Image EOF detected before image complete"},
      {"GIF without colours", "GIF89a\1\0\1\0\0\0\0"s + gif_frame(0, 0, 1, 1, one_pixel), "decodes"},
      {"GIF index outside of its colours", gif(1, 1, gif_frame(0, 0, 1, 1, "\2\2\x5C\1\0;"s)), "decodes"},
  };
}

std::vector<HostileFile> bmps() {
  return {
      {"BMP signature alone", "BM", "truncated BMP"},
      {"BMP cut in its pixels", cut("rgb.bmp", 600), "truncated BMP"},
      {"BMP cut by a byte", cut("rgb.bmp", sample("rgb.bmp").size() - 1), "truncated BMP"},
      {"BMP of negative width", bmp_header(static_cast<uint32_t>(-5), 5) + std::string(99, 'x'),
       "corrupt BMP: an image of -5 x 5 pixels"},
      {"BMP of height INT_MIN", bmp_header(1, 0x80000000),
       "image of 1 x 2147483648 pixels is over the limit of 178956970"},
      {"BMP of height 0", bmp_header(1, 0), "corrupt BMP: an image of 1 x 0 pixels"},
      {"BMP claiming 2^31-1 x 2^31-1", bmp_header(0x7FFFFFFF, 0x7FFFFFFF),
       "image of 2147483647 x 2147483647 pixels is over the limit of 178956970"},
      {"BMP claiming 12000 x 12000", bmp_header(12000, 12000) + std::string(99, 'x'), "truncated BMP"},
      {"BMP stored from the top", bmp_header(1, static_cast<uint32_t>(-1)) + "\1\2\3\0"s, "decodes"},
      {"BMP of an unknown header", patched(sample("rgb.bmp"), 14, "\7\0\0\0"s),
       "corrupt BMP: unknown header"},
      {"BMP of 7 bits a pixel", bmp_header(4, 4, 7) + std::string(99, 'x'),
       "BMP of 7 bits a pixel is not supported"},
      {"BMP of compression 99", bmp_header(4, 4, 8, 99) + std::string(2000, 'x'),
       "BMP of compression 99 is not supported"},
      {"BMP pixels at 4 GB", patched(sample("rgb.bmp"), 10, "\xF0\xFF\xFF\xFF"), "truncated BMP"},
      {"BMP run lengths that reach over rows", patched(sample("palette.bmp"), 30, "\1"), "decodes"},
      {"BMP run lengths without end", patched(sample("palette.bmp"), 30, "\1").substr(0, 1100),
       "truncated BMP"},
      {"BMP palette of 2^31 colours", patched(sample("palette.bmp"), 46, "\0\0\0\x80"s),
       "corrupt BMP: a palette of 2147483648 colours"},
  };
}

std::vector<HostileFile> tiffs() {
  const std::string strip = tiff_entry(273, 4, 1, 8 + 2 + 7 * 12 + 4);
  const std::vector<std::string> grey = {tiff_entry(256, 4, 1, 4),
                                         tiff_entry(257, 4, 1, 2),
                                         tiff_entry(258, 3, 1, 8),
                                         tiff_entry(262, 3, 1, 1),
                                         strip,
                                         tiff_entry(278, 4, 1, 2),
                                         tiff_entry(279, 4, 1, 8)};
  auto with = [&](size_t index, const std::string& entry) {
    std::vector<std::string> entries = grey;
    entries[index] = entry;
    return entries;
  };
  std::string loop = tiff(grey, "abcdefgh");
  loop = patched(loop, 8 + 2 + 7 * 12, little_endian(8, 4));
  return {
      {"TIFF built here", tiff(grey, "abcdefgh"), "decodes"},
      {"TIFF signature alone", "II*\0"s, "truncated TIFF"},
      {"TIFF cut in its directory", cut("lzw.tif", sample("lzw.tif").size() - 100), "truncated TIFF"},
      {"TIFF cut in its strip", tiff(grey, "abc"), "truncated TIFF"},
      {"TIFF directory outside", "II*\0\xF0\xFF\xFF\xFF"s, "truncated TIFF"},
      {"TIFF directory that points to itself", loop, "decodes"},
      {"TIFF without a size", tiff({tiff_entry(258, 3, 1, 8)}), "corrupt TIFF: an image of 0 x 0 pixels"},
      {"TIFF claiming 2^32-1 x 2^32-1",
       tiff({tiff_entry(256, 4, 1, 0xFFFFFFFF), tiff_entry(257, 4, 1, 0xFFFFFFFF)}),
       "image of 4294967295 x 4294967295 pixels is over the limit of 178956970"},
      {"TIFF with two widths", tiff({tiff_entry(256, 4, 1, 4), tiff_entry(256, 4, 1, 9)}),
       "corrupt TIFF: its size is stated twice"},
      {"TIFF claiming 12000 x 12000 of 8 bytes",
       tiff(
           [&] {
             auto e = with(0, tiff_entry(256, 4, 1, 12000));
             e[1] = tiff_entry(257, 4, 1, 12000);
             return e;
           }(),
           "abcdefgh"),
       "corrupt TIFF: Not enough data for scanline 0, expected a request for at most 8 bytes, got a request "
       "for 12000 bytes"},
      {"TIFF strip at 4 GB", tiff(with(4, tiff_entry(273, 4, 1, 0xFFFFFFF0)), "abcdefgh"), "truncated TIFF"},
      {"TIFF of 99 bits a sample", tiff(with(2, tiff_entry(258, 3, 1, 99)), "abcdefgh"),
       "TIFF that cannot be read: Sorry, can not handle images with 99-bit samples"},
      {"TIFF of an unknown compression", tiff(with(3, tiff_entry(259, 3, 1, 4711)), "abcdefgh"),
       "TIFF of compression 4711 is not supported"},
      {"TIFF of RGB in 32 bits a sample",
       tiff({tiff_entry(256, 4, 1, 2), tiff_entry(257, 4, 1, 1), tiff_entry(258, 3, 1, 32),
             tiff_entry(262, 3, 1, 2), tiff_entry(273, 4, 1, 8), tiff_entry(277, 3, 1, 3),
             tiff_entry(278, 4, 1, 1), tiff_entry(279, 4, 1, 24)}),
       "TIFF that cannot be read: Sorry, can not handle images with 32-bit samples"},
      {"BigTIFF cut in its header", "II+\0\x08\0\0\0"s, "truncated TIFF"},
      {"BigTIFF of offsets of another size", "II+\0\x04\0\0\0"s + std::string(8, '\0'),
       "corrupt TIFF: no byte order mark"},
      {"BigTIFF directory outside", "II+\0\x08\0\0\0"s + std::string(8, '\xFF'), "truncated TIFF"},
      {"BigTIFF of 2^64-1 entries", "II+\0\x08\0\0\0"s + little_endian(16, 8) + std::string(28, '\xFF'),
       "truncated TIFF"},
      {"TIFF with damaged LZW codes", patched(sample("lzw.tif"), 20, std::string(200, '\xFF')),
       "corrupt TIFF: Using code not yet in table"},
  };
}

std::vector<HostileFile> webps() {
  const std::string webp = sample("lossy.webp");
  const std::string animated = sample("animated.webp");
  return {
      {"WebP header alone", webp.substr(0, 12), "truncated WebP"},
      {"WebP cut in its pixels", webp.substr(0, 100), "truncated WebP"},
      {"lossless WebP cut by two bytes", cut("lossless.webp", 150), "truncated WebP"},
      {"WebP with a RIFF size of 4 GB", patched(webp, 4, "\xFF\xFF\xFF\xFF"), "truncated WebP"},
      {"WebP with a RIFF size of 10", patched(webp, 4, "\x0A\0\0\0"s),
       "corrupt WebP: its pixels cannot be decoded"},
      {"WebP with a chunk of 4 GB", patched(webp, 16, "\xFF\xFF\xFF\xFF"),
       "corrupt WebP: its pixels cannot be decoded"},
      {"WebP of no width", patched(webp, 26, "\0\0"s), "corrupt WebP: an image of 0 x 16 pixels"},
      {"WebP without a key frame", patched(webp, 23, "\0"s), "corrupt WebP: no key frame"},
      {"lossless WebP without its signature", patched(sample("lossless.webp"), 20, "\0"s),
       "corrupt WebP: no lossless signature"},
      {"WebP of an unknown chunk", patched(webp, 12, "VP9 "), "corrupt WebP: unknown first chunk"},
      {"WebP canvas of 2^24 x 2^24", patched(sample("turned.webp"), 24, "\xFF\xFF\xFF\xFF\xFF\xFF"),
       "image of 16777216 x 16777216 pixels is over the limit of 178956970"},
      {"WebP canvas of another size than its picture", patched(sample("turned.webp"), 24, "\x20\0\0"s),
       "corrupt WebP: its pixels cannot be decoded"},
      {"animated WebP without a frame", patched(animated, animated.find("ANMF"), "JUNK").substr(0, 60),
       "truncated WebP"},
      {"animated WebP with a frame outside", patched(animated, animated.find("ANMF") + 8, "\xFF\xFF\xFF"),
       "corrupt WebP: a frame outside of its canvas"},
      {"lossless WebP with damaged codes", patched(sample("lossless.webp"), 25, std::string(40, '\xFF')),
       "corrupt WebP: its pixels cannot be decoded"},
  };
}

std::vector<HostileFile> others() {
  const std::string jp2 = sample("rgb.jp2");
  const std::string j2k = sample("rgb.j2k");
  return {
      {"JPEG 2000 signature alone", jp2.substr(0, 12), "truncated JPEG 2000"},
      {"JPEG 2000 cut in its pixels", jp2.substr(0, 500), "truncated JPEG 2000"},
      {"JPEG 2000 code stream cut", j2k.substr(0, 400), "truncated JPEG 2000"},
      {"JPEG 2000 box of no length", patched(jp2, 12, "\0\0\0\0"s), "corrupt JPEG 2000: no code stream"},
      {"JPEG 2000 box of 4 GB", patched(jp2, 12, "\xFF\xFF\xFF\xFF"), "corrupt JPEG 2000: no code stream"},
      {"JPEG 2000 claiming 2^32-1", patched(j2k, 8, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
       "image of 4294967295 x 4294967295 pixels is over the limit of 178956970"},
      {"JPEG 2000 that ends before it starts", patched(j2k, 16, "\0\0\0\x30"s),
       "corrupt JPEG 2000: an image of -24 x 16 pixels"},
      {"JPEG 2000 with a tile outside", patched(j2k, 126, "\x09"),
       "corrupt JPEG 2000: Invalid tile number 2304"},
      {"PPM header alone", "P6", "truncated PNM"},
      {"PPM cut in its pixels", cut("rgb.ppm", 500), "truncated PNM"},
      {"plain PPM cut in its pixels", "P3 2 2 255\n1 2 3 4 5 6 7", "truncated PNM"},
      {"PPM of no width", "P6 0 5 255\n", "corrupt PNM: an image of 0 x 5 pixels"},
      {"PPM of negative width", "P6 -4 5 255\n", "corrupt PNM: a number is missing"},
      {"PPM claiming 10^30 x 10^30", "P6 1" + std::string(30, '0') + " 1" + std::string(30, '0') + " 255\n",
       "image of 2147483647 x 2147483647 pixels is over the limit of 178956970"},
      {"PPM of maximum value 0", "P6 1 1 0\n123", "corrupt PNM: maximum value of 0"},
      {"PPM of maximum value 70000", "P6 1 1 70000\n123456", "corrupt PNM: maximum value of 70000"},
      {"PPM with an endless comment", "P6 #" + std::string(1000, 'x'), "truncated PNM"},
      {"Sun raster cut",
       "\x59\xA6\x6A\x95" + big_endian(4, 4) + big_endian(4, 4) + big_endian(24, 4) + std::string(16, '\0') +
           "abc",
       "truncated Sun raster"},
  };
}

TEST(HostileImages, NoImages) {
  expect_messages(no_images());
}
TEST(HostileImages, Gif) {
  expect_messages(gifs());
}
TEST(HostileImages, Bmp) {
  expect_messages(bmps());
}
TEST(HostileImages, Tiff) {
  expect_messages(tiffs());
}
TEST(HostileImages, Webp) {
  expect_messages(webps());
}
TEST(HostileImages, Others) {
  expect_messages(others());
}

}  // namespace
}  // namespace kiloword
