#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kiloword {

/// The header of a Netpbm image, pbm(5), pgm(5) or ppm(5).
struct PnmHeader {
  int64_t width = 0;
  int64_t height = 0;
  uint32_t max_value = 1;  ///< the sample of full intensity: 1 to 65535
  int channels = 1;
  bool is_bitmap = false;  ///< one bit per pixel; 1 is black
  bool is_plain = false;   ///< decimal numbers instead of bytes
  size_t data = 0;         ///< offset of the first byte after the header
};

/// Reads the next decimal number of `bytes` from `at` on, skipping white space and comments, and moves `at`
/// past it. Numbers are capped at INT32_MAX. Throws Error(kInput) if there is none.
int64_t read_pnm_number(std::string_view bytes, size_t& at);

/// Throws Error(kInput) for an ill-formed header.
PnmHeader read_pnm_header(std::string_view bytes);

}  // namespace kiloword
