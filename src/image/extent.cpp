#include "image/extent.h"

#include "image/byte_reader.h"

namespace kiloword {
namespace {

constexpr uint32_t kJpeg2000Start = 0xFF4FFF51;  // SOC and SIZ markers
constexpr uint32_t kJpeg2000End = 0xFFD9;        // EOC marker
constexpr uint32_t kSunRunLengths = 2;
constexpr uint64_t kSunHeaderBytes = 32;

uint64_t webp_extent(const ByteReader& in) {
  return in.le32(4) + uint64_t{8};
}

/// Boxes up to the code stream's; one of length 0, like a bare code stream, lasts to the end-of-codestream
/// marker.
uint64_t jpeg2000_extent(const ByteReader& in) {
  size_t at = 0;
  while (in.be32(at) != kJpeg2000Start) {
    uint64_t length = in.be32(at);
    if (length == 1) {
      length = in.be64(at + 8);
    }
    if (in.text(at + 4, 4) == "jp2c" && length != 0) {
      return at + length;
    }
    if (length == 0) {
      break;
    }
    at += length;
  }
  return in.be16(in.size() - 2) == kJpeg2000End ? in.size() : in.size() + uint64_t{1};
}

uint64_t sun_raster_extent(const ByteReader& in, const ImageHeader& header) {
  const uint64_t pixels = kSunHeaderBytes + in.be32(28);
  if (in.be32(20) == kSunRunLengths) {
    return pixels;
  }
  const uint64_t row_bytes = (static_cast<uint64_t>(header.width) * in.be32(12) + 15) / 16 * 2;
  return pixels + row_bytes * static_cast<uint64_t>(header.height);
}

}  // namespace

void check_extent(std::string_view bytes, const ImageHeader& header) {
  const ByteReader in(bytes, header.format);
  uint64_t extent = 0;
  if (header.format == "WebP") {
    extent = webp_extent(in);
  } else if (header.format == "JPEG 2000") {
    extent = jpeg2000_extent(in);
  } else if (header.format == "Sun raster") {
    extent = sun_raster_extent(in, header);
  }
  if (extent > bytes.size()) {
    throw truncated_error(header.format);
  }
}

}  // namespace kiloword
