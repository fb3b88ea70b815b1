#include <optional>
#include <string>

#include "image/byte_reader.h"
#include "image/orientation.h"
#include "image/probe_formats.h"

namespace kiloword {
namespace {

/// 14-bit sizes of a lossy key frame (RFC 6386, section 9.1).
void read_lossy_size(const ByteReader& in, size_t data, ImageHeader& header) {
  if (in.text(data + 3, 3) != "\x9D\x01\x2A") {
    throw corrupt_error(header.format, "no key frame");
  }
  header.width = in.le16(data + 6) & 0x3FFF;
  header.height = in.le16(data + 8) & 0x3FFF;
}

/// 14-bit sizes, less one, behind a signature byte (WebP lossless bitstream specification, section 3).
void read_lossless_size(const ByteReader& in, size_t data, ImageHeader& header) {
  if (in.u8(data) != 0x2F) {
    throw corrupt_error(header.format, "no lossless signature");
  }
  const uint32_t bits = in.le32(data + 1);
  header.width = (bits & 0x3FFF) + 1;
  header.height = (bits >> 14 & 0x3FFF) + 1;
}

}  // namespace

// WebP container specification: RIFF chunks, padded to even sizes.
ImageHeader probe_webp(std::string_view bytes) {
  const ByteReader in(bytes, "WebP");
  ImageHeader header{"WebP"};
  if (in.text(0, 4) != "RIFF") {
    throw not_an_image_error();
  }
  const std::string_view first = in.text(12, 4);
  if (first == "VP8 ") {
    read_lossy_size(in, 20, header);
  } else if (first == "VP8L") {
    read_lossless_size(in, 20, header);
  } else if (first == "VP8X") {
    header.width = static_cast<int64_t>(in.number(24, 3, false)) + 1;
    header.height = static_cast<int64_t>(in.number(27, 3, false)) + 1;
    std::optional<int> of_exif;
    std::optional<int> of_xmp;
    for (size_t at = 30; in.has(at, 8);) {
      const size_t length = in.le32(at + 4);
      const std::string_view kind = in.text(at, 4);
      if (kind == "EXIF" && !of_exif && in.has(at + 8, length)) {
        of_exif = exif_orientation(in.text(at + 8, length));
      } else if (kind == "XMP " && !of_xmp && in.has(at + 8, length)) {
        of_xmp = xmp_orientation(in.text(at + 8, length));
      }
      at += 8 + length + length % 2;
    }
    header.orientation = of_exif ? *of_exif : of_xmp.value_or(1);
  } else {
    throw corrupt_error(header.format, "unknown first chunk");
  }
  return header;
}

}  // namespace kiloword
