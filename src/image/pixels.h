#pragma once

#include <cstdint>

#include "kiloword/image/image.h"

namespace kiloword {

/// `a * b / 255`, rounded to nearest, for 0 to 255 each.
inline uint32_t multiply_255(uint32_t a, uint32_t b) {
  const uint32_t product = a * b + 128;
  return (product + (product >> 8)) >> 8;
}

/// `value` with opacity `alpha` (0 to 255 each, not premultiplied) composited over white.
inline uint8_t over_white(uint32_t value, uint32_t alpha) {
  const uint32_t sum = value * alpha + 255 * (255 - alpha) + 128;
  return static_cast<uint8_t>((sum + (sum >> 8)) >> 8);
}

/// `image` rotated and mirrored by the EXIF orientation, 1 to 8, so that it is upright.
Image apply_orientation(Image image, int orientation);

/// The same for `box`, in an image of `width` x `height` pixels.
PictureBox apply_orientation(const PictureBox& box, int width, int height, int orientation);

}  // namespace kiloword
