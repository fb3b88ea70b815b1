#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace kiloword {

enum class BmpPacking { kNone, kRunLengths8, kRunLengths4 };

/// The headers of a BMP file, of whichever of their kinds: OS/2 1.x (12 bytes), OS/2 2.x (16 to 64, of which
/// the end may be missing), and Windows' (40 and more).
struct BmpHeader {
  int64_t width = 0;
  int64_t height = 0;
  bool is_from_top = false;  ///< rows are stored from the top, else from the bottom
  int bits = 0;              ///< a pixel: 1, 2, 4, 8, 16, 24 or 32
  BmpPacking packing = BmpPacking::kNone;
  std::array<uint32_t, 4> masks{};  ///< of red, green, blue and opacity, for 16 and 32 bits
  uint64_t palette = 0;             ///< where it starts
  uint64_t palette_entry_bytes = 4;
  uint64_t colors = 0;  ///< in the palette; none for more than 8 bits
  uint64_t pixels = 0;  ///< where they start

  uint64_t row_bytes() const {
    return (static_cast<uint64_t>(width) * static_cast<uint64_t>(bits) + 31) / 32 * 4;
  }
};

/// Width and height alone, which may be 0 or negative. Throws Error(kInput) for what is cut off or no BMP.
BmpHeader read_bmp_size(std::string_view bytes);

/// All of it, of a file whose width and height are above 0. Throws Error(kInput) also for kinds of pixels
/// that are not supported, and for pixels that the file does not hold.
BmpHeader read_bmp_header(std::string_view bytes);

}  // namespace kiloword
