#pragma once

#include <cstdint>
#include <string_view>

namespace kiloword {

/// The header of a JPEG 2000 file, either a raw code stream or one in boxes (ITU-T T.800, annexes A.5.1 and
/// I).
struct Jpeg2000Header {
  int64_t width = 0;  ///< may be 0 or negative
  int64_t height = 0;
  uint64_t tiles = 0;
  uint64_t components = 0;
  std::string_view profile;  ///< ICC; empty if there is none
};

/// Throws Error(kInput) if the header is truncated, or there is no code stream.
Jpeg2000Header read_jpeg2000_header(std::string_view bytes);

}  // namespace kiloword
