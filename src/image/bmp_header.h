#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace kiloword {

enum class BmpPacking { kNone, kRunLengths8, kRunLengths4 };

/// The headers of a BMP file of any version: OS/2 1.x (12 bytes), OS/2 2.x (16 to 64 bytes, possibly
/// truncated), and Windows (40 bytes or more).
struct BmpHeader {
  int64_t width = 0;
  int64_t height = 0;
  bool is_from_top = false;  ///< rows are stored top-down, else bottom-up
  int bits = 0;              ///< per pixel: 1, 2, 4, 8, 16, 24 or 32
  BmpPacking packing = BmpPacking::kNone;
  std::array<uint32_t, 4> masks{};  ///< of red, green, blue and opacity, for 16 and 32 bits
  uint64_t palette = 0;             ///< its offset
  uint64_t palette_entry_bytes = 4;
  uint64_t colors = 0;  ///< in the palette; 0 for more than 8 bits
  uint64_t pixels = 0;  ///< their offset

  uint64_t row_bytes() const {
    return (static_cast<uint64_t>(width) * static_cast<uint64_t>(bits) + 31) / 32 * 4;
  }
};

/// Reads only width and height, which may be 0 or negative. Throws Error(kInput) for a file that is truncated
/// or not a BMP.
BmpHeader read_bmp_size(std::string_view bytes);

/// Reads everything from a file with positive width and height. Throws Error(kInput) also for unsupported
/// pixel formats, and if pixels are missing.
BmpHeader read_bmp_header(std::string_view bytes);

}  // namespace kiloword
