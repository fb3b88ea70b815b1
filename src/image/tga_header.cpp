#include "image/tga_header.h"

#include "image/byte_reader.h"

namespace kiloword {
namespace {

constexpr std::string_view kFormat = "TGA";

bool is_color_depth(size_t bits) {
  return bits == 15 || bits == 16 || bits == 24 || bits == 32;
}

/// Whether every field has one of the few values that the format knows.
bool fits_together(const TgaHeader& header) {
  if (header.width == 0 || header.height == 0 || header.alpha_bits > 8) return false;
  if (header.kind == 1) {
    return header.has_map && header.map_length > 0 && is_color_depth(header.map_bits) &&
           (header.bits == 8 || header.bits == 16);
  }
  const bool has_no_map = !header.has_map && header.map_length == 0 && header.map_first == 0;
  if (header.kind == 2) return is_color_depth(header.bits) && (header.has_map || has_no_map);
  return header.kind == 3 && (header.bits == 8 || header.bits == 16) && has_no_map;
}

}  // namespace

TgaHeader read_tga_header(std::string_view bytes) {
  const ByteReader in(bytes, kFormat);
  TgaHeader header;
  header.id_bytes = in.u8(0);
  header.has_map = in.u8(1) == 1;
  header.kind = in.u8(2) & 7;
  header.is_packed = (in.u8(2) & 8) != 0;
  header.map_first = in.le16(3);
  header.map_length = in.le16(5);
  header.map_bits = in.u8(7);
  header.width = in.le16(12);
  header.height = in.le16(14);
  header.bits = in.u8(16);
  header.alpha_bits = in.u8(17) & 15;
  header.from_right = (in.u8(17) & 0x10) != 0;
  header.from_top = (in.u8(17) & 0x20) != 0;
  return header;
}

bool is_tga(std::string_view start) {
  if (start.size() < TgaHeader::kBytes) return false;
  const uint8_t map = static_cast<uint8_t>(start[1]);
  const uint8_t kind = static_cast<uint8_t>(start[2]);
  const bool is_known = map <= 1 && (kind & ~8U) >= 1 && (kind & ~8U) <= 3;
  return is_known && (static_cast<uint8_t>(start[17]) & 0xC0) == 0 && fits_together(read_tga_header(start));
}

}  // namespace kiloword
