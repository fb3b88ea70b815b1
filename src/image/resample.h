#pragma once

#include <cstdint>

#include "kiloword/image/image.h"
#include "kiloword/model/preprocess_spec.h"

namespace kiloword {

/// A crop of a scaled image, in pixels of the scaled image.
struct CropBox {
  int64_t x = 0;
  int64_t y = 0;
  int width = 0;
  int height = 0;
};

/// Scales the part `source` of `image` to `scaled_width` x `scaled_height` with `filter` and crops it to
/// `box`, computing only pixels inside the box. The filter also reads pixels of `image` outside `source`, as
/// in Pillow's `resize(..., box=...)`.
Image resample(const Image& image, ResizeFilter filter, const PictureBox& source, int64_t scaled_width,
               int64_t scaled_height, const CropBox& box);

}  // namespace kiloword
