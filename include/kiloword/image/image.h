#pragma once

#include <cstdint>
#include <vector>

namespace kiloword {

/// An 8-bit RGB picture: `rgb` holds `height * width * 3` bytes, row by row from the top, R G B interleaved.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> rgb;
};

}  // namespace kiloword
