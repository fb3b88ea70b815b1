#include "image/bmp_header.h"

#include <algorithm>
#include <string>

#include "image/byte_reader.h"

namespace kiloword {
namespace {

constexpr std::string_view kFormat = "BMP";
constexpr size_t kFileHeaderBytes = 14;
constexpr uint32_t kCoreBytes = 12;       // BITMAPCOREHEADER, OS/2 1.x
constexpr uint32_t kLeastOs2Bytes = 16;   // OS22XBITMAPHEADER up to its bits a pixel
constexpr uint32_t kInfoBytes = 40;       // BITMAPINFOHEADER
constexpr uint32_t kAlphaInfoBytes = 56;  // of the first header with a mask of opacity
constexpr uint32_t kOs2Bytes = 64;
constexpr uint64_t kMaxColors = 65536;

enum Compression : uint32_t { kRgb = 0, kRle8 = 1, kRle4 = 2, kBitfields = 3, kAlphaBitfields = 6 };

void read_masks(const ByteReader& in, uint32_t header_bytes, uint32_t compression, BmpHeader& header) {
  if (compression == kRgb) {
    header.masks = {0xFF0000, 0xFF00, 0xFF, 0};
    if (header.bits == 16) header.masks = {0x7C00, 0x3E0, 0x1F, 0};
    return;
  }
  // Part of the later headers, and behind BITMAPINFOHEADER: at the same place.
  const size_t masks = kFileHeaderBytes + kInfoBytes;
  const bool has_opacity = header_bytes >= kAlphaInfoBytes || compression == kAlphaBitfields;
  for (size_t i = 0; i < (has_opacity ? 4U : 3U); ++i) header.masks[i] = in.le32(masks + i * 4);
  if (header_bytes == kInfoBytes) header.palette += has_opacity ? 16 : 12;
}

void read_compression(const ByteReader& in, uint32_t header_bytes, BmpHeader& header) {
  const bool states_it = header_bytes >= 20;
  const uint32_t compression = states_it ? in.le32(30) : kRgb;
  const bool has_masks = header.bits == 16 || header.bits == 32;
  if (compression == kRle8 && header.bits == 8) {
    header.packing = BmpPacking::kRunLengths8;
  } else if (compression == kRle4 && header.bits == 4) {
    header.packing = BmpPacking::kRunLengths4;
  } else if (compression != kRgb && (!has_masks || header_bytes == kOs2Bytes ||
                                     (compression != kBitfields && compression != kAlphaBitfields))) {
    throw unsupported_error("BMP of compression " + std::to_string(compression) + " is not supported");
  }
  if (has_masks) read_masks(in, header_bytes, compression, header);
}

void read_palette(const ByteReader& in, uint32_t header_bytes, BmpHeader& header) {
  header.palette_entry_bytes = header_bytes == kCoreBytes ? 3 : 4;
  if (header.bits > 8) return;
  const uint64_t most = uint64_t{1} << header.bits;
  const uint64_t stated = header_bytes >= 36 ? in.le32(46) : 0;
  if (stated > kMaxColors)
    throw corrupt_error(kFormat, "a palette of " + std::to_string(stated) + " colours");
  header.colors = stated == 0 ? most : stated;
}

}  // namespace

BmpHeader read_bmp_size(std::string_view bytes) {
  const ByteReader in(bytes, kFormat);
  BmpHeader header;
  const uint32_t header_bytes = in.le32(kFileHeaderBytes);
  header.palette = kFileHeaderBytes + uint64_t{header_bytes};
  if (header_bytes == kCoreBytes) {
    header.width = in.le16(18);
    header.height = in.le16(20);
    header.bits = in.le16(24);
  } else if (header_bytes >= kLeastOs2Bytes) {
    header.width = static_cast<int32_t>(in.le32(18));
    const int64_t height = static_cast<int32_t>(in.le32(22));
    header.is_from_top = height < 0;
    header.height = std::max(height, -height);
    header.bits = in.le16(28);
  } else {
    throw corrupt_error(kFormat, "unknown header");
  }
  return header;
}

BmpHeader read_bmp_header(std::string_view bytes) {
  const ByteReader in(bytes, kFormat);
  BmpHeader header = read_bmp_size(bytes);
  const uint32_t header_bytes = in.le32(kFileHeaderBytes);
  constexpr int kDepths[] = {1, 2, 4, 8, 16, 24, 32};
  if (std::find(std::begin(kDepths), std::end(kDepths), header.bits) == std::end(kDepths)) {
    throw unsupported_error("BMP of " + std::to_string(header.bits) + " bits a pixel is not supported");
  }
  read_compression(in, header_bytes, header);
  read_palette(in, header_bytes, header);
  header.pixels = in.le32(10);
  if (header.pixels == 0) header.pixels = header.palette + header.colors * header.palette_entry_bytes;
  const uint64_t end = header.packing == BmpPacking::kNone
                           ? header.pixels + header.row_bytes() * static_cast<uint64_t>(header.height)
                           : header.pixels;
  if (end > bytes.size()) throw truncated_error(kFormat);
  return header;
}

}  // namespace kiloword
