#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "image/color_transform.h"
#include "kiloword/image/image.h"
#include "kiloword/image/probe.h"

namespace kiloword {

/// Converts rows of 8-bit RGB or RGBA samples to an sRGB image over white.
class RgbaRows {
 public:
  /// `channels` is 3 or 4; `transform` may be null.
  RgbaRows(const ImageHeader& header, int channels, bool premultiplied,
           std::shared_ptr<const ColorTransform> transform);

  void add(const uint8_t* samples);
  /// Sets row `y`; rows may come in any order.
  void put(size_t y, const uint8_t* samples);
  /// Sets pixels [x, x + count) of row `y`.
  void put(size_t x, size_t y, size_t count, const uint8_t* samples);
  Image take() { return std::move(image_); }

 private:
  size_t channels_;
  bool premultiplied_;
  std::shared_ptr<const ColorTransform> transform_;
  Image image_;
  size_t next_ = 0;
};

}  // namespace kiloword
