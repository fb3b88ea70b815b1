#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kiloword {

/// Truevision TGA File Format Specification 2.0, fields 1 to 5.
struct TgaHeader {
  static constexpr size_t kBytes = 18;

  size_t id_bytes = 0;
  bool has_map = false;
  int kind = 0;  ///< 1 palette, 2 colour, 3 grey
  bool is_packed = false;
  size_t map_first = 0;
  size_t map_length = 0;
  size_t map_bits = 0;
  int64_t width = 0;
  int64_t height = 0;
  size_t bits = 0;  ///< per pixel
  size_t alpha_bits = 0;
  bool from_right = false;
  bool from_top = false;

  size_t map_at() const { return kBytes + id_bytes; }
  size_t pixels_at() const { return map_at() + (has_map ? map_length * ((map_bits + 7) / 8) : 0); }
};

/// Throws Error(kInput) if the file is too short.
TgaHeader read_tga_header(std::string_view bytes);

/// Whether a file that begins with `start` is a TGA: every field has one of the few valid values.
bool is_tga(std::string_view start);

}  // namespace kiloword
