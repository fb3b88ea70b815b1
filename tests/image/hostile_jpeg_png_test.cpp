// JPEG and PNG files that lie or break off: what exactly is said about each.
#include <string>
#include <vector>

#include "image/codecs.h"
#include "image/hostile_file.h"
#include "image/test_images.h"

namespace kiloword {
namespace {

using namespace std::string_literals;
using test::big_endian;
using test::deflated;
using test::expect_message;
using test::expect_messages;
using test::HostileFile;
using test::little_endian;
using test::patched;
using test::png_chunk;
using test::png_start;
using test::sample;
using test::tiff_entry;

/// A JPEG whose first segment after the start is `segment`.
std::string jpeg_with(const std::string& segment) {
  return "\xFF\xD8"s + segment + sample("rgb.jpg").substr(2);
}

std::string jpeg_segment(char marker, const std::string& content) {
  return "\xFF"s + marker + big_endian(content.size() + 2, 2) + content;
}

/// A JPEG of `components` whose pixels come one component at a time, the first of them `repeats` times.
std::string jpeg_of_scans(int components, int repeats) {
  const std::string grey = sample("grey.jpg");
  const size_t tables = grey.find("\xFF\xC4");
  const size_t scan = grey.find("\xFF\xDA");
  const std::string data = grey.substr(scan + 10, grey.size() - scan - 12);
  std::string frame = "\x08"s + big_endian(16, 2) + big_endian(24, 2) + static_cast<char>(components);
  std::string scans;
  for (int component = 1; component <= components; ++component) {
    const std::string id(1, static_cast<char>(component));
    frame += id;
    frame += "\x11\0"s;
    for (int i = 0; i < (component == 1 ? repeats : 1); ++i) {
      scans += jpeg_segment('\xDA', std::string("\1").append(id).append("\0\0\x3F\0"s)).append(data);
    }
  }
  const size_t quantization = grey.find("\xFF\xDB");
  return "\xFF\xD8"s + grey.substr(quantization, grey.find("\xFF\xC0") - quantization) +
         jpeg_segment('\xC0', frame) + grey.substr(tables, scan - tables) + scans + "\xFF\xD9";
}

std::vector<HostileFile> jpegs() {
  const std::string jpeg = sample("rgb.jpg");
  const size_t frame = jpeg.find("\xFF\xC0");
  const size_t scan = jpeg.find("\xFF\xDA");
  const std::string exif_start = "Exif\0\0II*\0"s;
  const std::string entry = little_endian(1, 2) + tiff_entry(0x0112, 3, 1, 6);
  return {
      {"JPEG start alone", "\xFF\xD8\xFF", "truncated JPEG"},
      {"JPEG cut in its tables", jpeg.substr(0, 100), "truncated JPEG"},
      {"JPEG cut before its scan", jpeg.substr(0, scan), "truncated JPEG"},
      {"JPEG cut in its scan", jpeg.substr(0, scan + 60), "truncated JPEG"},
      {"JPEG without its end marker", jpeg.substr(0, jpeg.size() - 2), "truncated JPEG"},
      {"progressive JPEG cut between scans", sample("progressive.jpg").substr(0, 450), "truncated JPEG"},
      {"JPEG with an early end", jpeg.substr(0, scan + 60) + "\xFF\xD9",
       "corrupt JPEG: premature end of data segment"},
      {"JPEG with a marker in its pixels", patched(jpeg, scan + 30, "\xFF\xD5"),
       "corrupt JPEG: premature end of data segment"},
      {"JPEG with damage that makes other pixels", patched(jpeg, scan + 30, std::string(40, '\x7F')),
       "decodes"},
      {"JPEG of no height", patched(jpeg, frame + 5, "\0\0"s), "corrupt JPEG: an image of 24 x 0 pixels"},
      {"JPEG of no width", patched(jpeg, frame + 7, "\0\0"s), "corrupt JPEG: an image of 0 x 16 pixels"},
      {"JPEG claiming 65500 x 65500", patched(jpeg, frame + 5, "\xFF\xDC\xFF\xDC"),
       "image of 65500 x 65500 pixels is over the limit of 178956970"},
      {"JPEG claiming 13000 x 13000", patched(jpeg, frame + 5, big_endian(13000, 2) + big_endian(13000, 2)),
       "corrupt JPEG: premature end of data segment"},
      {"JPEG with a segment shorter than its length field", jpeg_with("\xFF\xE0\0\0"s),
       "corrupt JPEG: segment shorter than its own length"},
      {"JPEG with a segment longer than the file", jpeg_with("\xFF\xE0\xFF\xFF"s), "truncated JPEG"},
      {"JPEG with a scan but no frame", "\xFF\xD8"s + jpeg.substr(scan), "corrupt JPEG: no frame header"},
      {"JPEG of 12 bits", patched(jpeg, frame + 4, "\x0C"),
       "JPEG that cannot be read: Unsupported JPEG data precision 12"},
      {"lossless JPEG", patched(jpeg, frame, "\xFF\xC3"),
       "JPEG that cannot be read: Unsupported JPEG process: SOF type 0xc3"},
      {"JPEG with two frames", jpeg.substr(0, scan) + jpeg.substr(frame),
       "corrupt JPEG: Invalid JPEG file structure: two SOF markers"},
      {"JPEG of two components", jpeg_of_scans(2, 1), "JPEG with 2 colour components"},
      {"JPEG of 64 scans", jpeg_of_scans(3, 62), "decodes"},
      {"JPEG of 65 scans", jpeg_of_scans(3, 63), "JPEG of more than 64 scans"},
      {"JPEG-LS", patched(jpeg, frame, "\xFF\xF7"), "JPEG-LS images are not supported"},
      {"EXIF directory far outside",
       jpeg_with(jpeg_segment('\xE1', exif_start + little_endian(0xFFFFFFF0, 4) + entry)), "decodes"},
      {"EXIF directory of 65535 entries",
       jpeg_with(jpeg_segment('\xE1', exif_start + little_endian(8, 4) + "\xFF\xFF" + entry)), "decodes"},
      {"EXIF orientation 99",
       jpeg_with(jpeg_segment(
           '\xE1', exif_start + little_endian(8, 4) + little_endian(1, 2) + tiff_entry(0x0112, 3, 1, 99))),
       "decodes"},
      {"EXIF orientation at an absurd offset",
       jpeg_with(jpeg_segment('\xE1', exif_start + little_endian(8, 4) + little_endian(1, 2) +
                                          tiff_entry(0x0112, 3, 0xFFFFFFFF, 0xFFFFFFFF))),
       "decodes"},
      {"garbage between JPEG segments", jpeg.substr(0, 20) + "\0\1\2garbage"s + jpeg.substr(20), "decodes"},
      {"garbage behind a JPEG", jpeg + std::string(1000, 'x'), "decodes"},
  };
}

std::vector<HostileFile> pngs() {
  const std::string png = sample("rgb.png");
  const std::string end = png_chunk("IEND", "");
  const std::string rows = deflated(std::string(1, '\0') + "\1\2\3"s);
  const std::string start = png_start(1, 1, 8, 2);
  return {
      {"PNG signature alone", png.substr(0, 8), "truncated PNG"},
      {"PNG cut in its header", png.substr(0, 20), "truncated PNG"},
      {"PNG cut in its pixels", png.substr(0, 100), "truncated PNG"},
      {"PNG without its end chunk", png.substr(0, png.size() - 12), "decodes"},
      {"PNG of no width", png_start(0, 5, 8, 2) + end, "corrupt PNG: an image of 0 x 5 pixels"},
      {"PNG claiming 60000 x 60000", png_start(60000, 60000, 8, 2) + png_chunk("IDAT", rows) + end,
       "image of 60000 x 60000 pixels is over the limit of 178956970"},
      {"PNG claiming 2^32-1 x 2^32-1", png_start(0xFFFFFFFF, 0xFFFFFFFF, 8, 2) + end,
       "image of 4294967295 x 4294967295 pixels is over the limit of 178956970"},
      {"PNG claiming 2^31 x 1", png_start(0x80000000, 1, 8, 2) + png_chunk("IDAT", rows) + end,
       "image of 2147483648 x 1 pixels is over the limit of 178956970"},
      {"PNG claiming 13000 x 13000", png_start(13000, 13000, 8, 2) + png_chunk("IDAT", rows) + end,
       "corrupt PNG: Not enough image data"},
      {"PNG with a wrong header checksum", patched(png, 29, "\0\0\0\0"s), "corrupt PNG: IHDR: CRC error"},
      {"PNG with a wrong pixel checksum", patched(png, png.size() - 16, "\0\0\0\0"s),
       "corrupt PNG: IDAT: CRC error"},
      {"PNG with a chunk of 4 GB", start + "\xFF\xFF\xFF\xFFtEXt" + rows,
       "corrupt PNG: PNG unsigned integer out of range"},
      {"PNG with a chunk longer than the file", start + "\x7F\xFF\xFF\xFFIDAT" + rows, "truncated PNG"},
      {"PNG without pixels", start + end, "corrupt PNG: IEND: out of place"},
      {"PNG with too few pixels", png_start(4, 4, 8, 2) + png_chunk("IDAT", rows) + end,
       "corrupt PNG: Not enough image data"},
      {"PNG with a broken zlib stream", start + png_chunk("IDAT", "junkjunkjunk") + end,
       "corrupt PNG: IDAT: incorrect header check"},
      {"PNG palette picture without a palette",
       png_start(1, 1, 8, 3) + png_chunk("IDAT", deflated("\0\5"s)) + end,
       "corrupt PNG: IDAT: Missing PLTE before IDAT"},
      {"PNG index outside of its palette",
       png_start(1, 1, 8, 3) + png_chunk("PLTE", "\1\2\3") + png_chunk("IDAT", deflated("\0\5"s)) + end,
       "decodes"},
      {"PNG of 3 bits a sample", png_start(1, 1, 3, 0) + png_chunk("IDAT", rows) + end,
       "corrupt PNG: Invalid IHDR data"},
      {"PNG of colour type 5", png_start(1, 1, 8, 5) + png_chunk("IDAT", rows) + end,
       "corrupt PNG: Invalid IHDR data"},
      {"PNG that begins with another chunk", png.substr(0, 8) + png_chunk("IDAT", rows + rows) + end,
       "corrupt PNG: no IHDR chunk at its start"},
      {"PNG with an unknown filter", start + png_chunk("IDAT", deflated("\x77\1\2\3"s)) + end,
       "corrupt PNG: bad adaptive filter value"},
      {"PNG text that unpacks to 64 MB",
       start + png_chunk("zTXt", "a\0\0"s + deflated(std::string(64 << 20, 'x'))) + png_chunk("IDAT", rows) +
           end,
       "decodes"},
      {"PNG with a wrong text checksum",
       start + png_chunk("tEXt", "a\0b"s).replace(11, 4, "1234") + png_chunk("IDAT", rows) + end, "decodes"},
  };
}

TEST(HostileImages, Jpeg) {
  expect_messages(jpegs());
}
TEST(HostileImages, JpegAtAnEighth) {  // where libjpeg reads over most coefficients
  for (const HostileFile& file : jpegs()) {
    expect_message(file, [](const std::string& bytes) {
      const ImageHeader header = probe_image(bytes);
      if (header.width * header.height > DecodeLimits{}.max_pixels) return decode_image(bytes);
      return decode_jpeg_reduced(bytes, header, {}, 8);
    });
  }
}
TEST(HostileImages, Png) {
  expect_messages(pngs());
}

}  // namespace
}  // namespace kiloword
