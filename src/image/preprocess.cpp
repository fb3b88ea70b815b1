#include "kiloword/image/preprocess.h"

#include <algorithm>
#include <array>

#include "image/resample.h"
#include "kiloword/base/error.h"

namespace kiloword {
namespace {

void require_pixels(const Image& image, int width, int height) {
  if (image.width < 1 || image.height < 1 || width < 1 || height < 1) {
    throw Error(ErrorKind::kInternal, "resize from or to an empty image");
  }
}

/// torchvision's CenterCrop: `int(round((scaled - size) / 2))`, where Python rounds halves to even.
int64_t center_offset(int64_t scaled, int64_t size) {
  const int64_t excess = scaled - size;
  const int64_t half = excess / 2;
  return excess % 2 != 0 && half % 2 != 0 ? half + 1 : half;
}

/// fit_for_model() of what lies in `box` of `image`, a picture of `full_width` x `full_height` pixels.
Image fit(const Image& image, const PictureBox& box, int full_width, int full_height,
          const PreprocessSpec& spec) {
  const int size = spec.size_px;
  require_pixels(image, size, size);
  require_pixels(image, full_width, full_height);
  if (!spec.center_crop) {
    return resample(image, spec.filter, box, size, size, {0, 0, size, size});
  }
  const int64_t shortest = std::min(full_width, full_height);
  const int64_t edge = int64_t{size} + spec.margin_px;
  const int64_t scaled_width = edge * full_width / shortest;
  const int64_t scaled_height = edge * full_height / shortest;
  return resample(image, spec.filter, box, scaled_width, scaled_height,
                  {center_offset(scaled_width, size), center_offset(scaled_height, size), size, size});
}

PictureBox whole(const Image& image) {
  return {0, 0, static_cast<double>(image.width), static_cast<double>(image.height)};
}

std::vector<float> normalized(const Image& fitted, const PreprocessSpec& spec) {
  std::vector<float> out(fitted.rgb.size());
  normalize(fitted, spec, out.data());
  return out;
}

}  // namespace

Image resize(const Image& image, int width, int height, ResizeFilter filter) {
  require_pixels(image, width, height);
  return resample(image, filter, whole(image), width, height, {0, 0, width, height});
}

Image fit_for_model(const Image& image, const PreprocessSpec& spec) {
  return fit(image, whole(image), image.width, image.height, spec);
}

Image fit_for_model(const DecodedImage& decoded, const PreprocessSpec& spec) {
  return fit(decoded.image, decoded.box, decoded.full_width, decoded.full_height, spec);
}

void normalize(const Image& fitted, const PreprocessSpec& spec, float* out) {
  const size_t plane = static_cast<size_t>(spec.size_px) * static_cast<size_t>(spec.size_px);
  if (fitted.rgb.size() != plane * 3) {
    throw Error(ErrorKind::kInternal, "normalize needs an image of the model's size");
  }
  for (size_t channel = 0; channel < 3; ++channel) {
    std::array<float, 256> normalized{};
    for (size_t value = 0; value < normalized.size(); ++value) {
      normalized[value] = (static_cast<float>(value) / 255.0F - spec.mean[channel]) / spec.std[channel];
    }
    for (size_t i = 0; i < plane; ++i) {
      out[channel * plane + i] = normalized[fitted.rgb[i * 3 + channel]];
    }
  }
}

std::vector<float> preprocess(const Image& image, const PreprocessSpec& spec) {
  return normalized(fit_for_model(image, spec), spec);
}

std::vector<float> preprocess(const DecodedImage& decoded, const PreprocessSpec& spec) {
  return normalized(fit_for_model(decoded, spec), spec);
}

}  // namespace kiloword
