#pragma once

#include <cstdint>

#include "kiloword/image/image.h"
#include "kiloword/model/preprocess_spec.h"

namespace kiloword {

/// The part of a scaled picture that is wanted, in pixels of the scaled picture.
struct CropBox {
  int64_t x = 0;
  int64_t y = 0;
  int width = 0;
  int height = 0;
};

/// The pixels inside `box` of what lies in `source` of `image`, scaled to `scaled_width` x `scaled_height`:
/// equal to scaling all of it with `filter` and cropping afterwards, at the cost of the box alone. Pixels of
/// `image` outside of `source` are seen where the filter reaches for them, as in Pillow's
/// `resize(..., box=...)`.
Image resample(const Image& image, ResizeFilter filter, const PictureBox& source, int64_t scaled_width,
               int64_t scaled_height, const CropBox& box);

}  // namespace kiloword
