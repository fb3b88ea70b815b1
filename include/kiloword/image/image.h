#pragma once

#include <cstdint>
#include <vector>

namespace kiloword {

/// An 8-bit RGB image: `rgb` holds `height * width * 3` bytes, top-down rows of interleaved R, G and B.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> rgb;
};

/// A rectangle in pixels of an image; its edges may be fractional.
struct PictureBox {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
};

/// An image decoded at its full size or at 1/2, 1/4 or 1/8 of it, upright.
struct DecodedImage {
  Image image;
  int full_width = 0;   ///< of the original
  int full_height = 0;  ///< likewise
  /// The part of `image` that the original covers. At a reduced size, the outermost pixels may extend beyond
  /// the original's right and bottom edges (as stored, before rotation).
  PictureBox box;
};

}  // namespace kiloword
