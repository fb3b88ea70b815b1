#include "image/rgba_rows.h"

#include <algorithm>
#include <utility>

#include "image/pixels.h"

namespace kiloword {
namespace {

/// A sample that was multiplied by its opacity, undone.
uint8_t unmultiplied(uint32_t value, uint32_t alpha) {
  return static_cast<uint8_t>(alpha == 0 ? 255 : std::min<uint32_t>((value * 255 + alpha / 2) / alpha, 255));
}

}  // namespace

RgbaRows::RgbaRows(const ImageHeader& header, int channels, bool premultiplied,
                   std::shared_ptr<const ColorTransform> transform)
    : channels_(static_cast<size_t>(channels)),
      premultiplied_(premultiplied),
      transform_(std::move(transform)),
      image_{static_cast<int>(header.width), static_cast<int>(header.height), {}} {
  image_.rgb.resize(static_cast<size_t>(header.width) * static_cast<size_t>(header.height) * 3);
}

void RgbaRows::add(const uint8_t* samples) {
  put(next_++, samples);
}

void RgbaRows::put(size_t y, const uint8_t* samples) {
  put(0, y, static_cast<size_t>(image_.width), samples);
}

void RgbaRows::put(size_t x, size_t y, size_t count, const uint8_t* samples) {
  uint8_t* rgb = image_.rgb.data() + (y * static_cast<size_t>(image_.width) + x) * 3;
  for (size_t i = 0; i < count; ++i) {
    const uint8_t* pixel = samples + i * channels_;
    for (size_t channel = 0; channel < 3; ++channel) {
      rgb[i * 3 + channel] = premultiplied_ ? unmultiplied(pixel[channel], pixel[3]) : pixel[channel];
    }
  }
  if (transform_) transform_->apply(rgb, rgb, count);
  if (channels_ < 4) return;
  for (size_t i = 0; i < count * 3; ++i) rgb[i] = over_white(rgb[i], samples[i / 3 * 4 + 3]);
}

}  // namespace kiloword
