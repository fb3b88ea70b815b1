#pragma once

#include <cstdint>

#include "kiloword/image/image.h"

namespace kiloword {

/// `a * b / 255`, rounded to nearest, for 0 to 255 each.
inline uint32_t multiply_255(uint32_t a, uint32_t b) {
  const uint32_t product = a * b + 128;
  return (product + (product >> 8)) >> 8;
}

/// `value` of opacity `alpha` (0 to 255 each, not premultiplied) laid over white.
inline uint8_t over_white(uint32_t value, uint32_t alpha) {
  const uint32_t sum = value * alpha + 255 * (255 - alpha) + 128;
  return static_cast<uint8_t>((sum + (sum >> 8)) >> 8);
}

/// `image` turned and mirrored as the EXIF orientation 1 to 8 asks, so that it is seen upright.
Image apply_orientation(Image image, int orientation);

/// Where `box`, of an image of `width` x `height` pixels, lies after apply_orientation().
PictureBox apply_orientation(const PictureBox& box, int width, int height, int orientation);

}  // namespace kiloword
