#include "kiloword/image/preprocess.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "image/resample.h"
#include "kiloword/base/error.h"

namespace kiloword {
namespace {

void require_pixels(const Image& image, int width, int height) {
  if (image.width < 1 || image.height < 1 || width < 1 || height < 1) {
    throw Error(ErrorKind::kInternal, "resize from or to an empty image");
  }
}

/// Where the centre `size` of `scaled` >= `size` pixels begins.
int64_t center_offset(int64_t scaled, int64_t size, CropRounding rounding) {
  const int64_t excess = scaled - size;
  const int64_t half = excess / 2;
  const bool up = rounding == CropRounding::kHalfToEven && excess % 2 != 0 && half % 2 != 0;
  return up ? half + 1 : half;
}

/// `edge * length / longest`, as Python's round() has it: halves to even.
int64_t rounded_share(int64_t edge, int64_t length, int64_t longest) {
  const int64_t twice = 2 * edge * length;
  const int64_t floor = twice / (2 * longest);
  const int64_t rest = twice % (2 * longest);
  return rest > longest || (rest == longest && floor % 2 != 0) ? floor + 1 : floor;
}

/// Patches along a side of `size` pixels at `scale`.
double patches_along(int size, double scale, int patch_px) {
  return std::max(1.0, std::ceil(size * scale / patch_px));
}

/// The bisection of transformers' Siglip2ImageProcessor, step by step: sizes depend on where it stops.
PictureSize whole_patches(PictureSize full, const PreprocessSpec& spec) {
  constexpr double kStep = 1e-5;
  double low = kStep / 10;
  double high = 100.0;
  while (high - low >= kStep) {
    const double scale = (low + high) / 2;
    const bool fits =
        patches_along(full.width, scale, spec.patch_px) * patches_along(full.height, scale, spec.patch_px) <=
        spec.max_patches;
    (fits ? low : high) = scale;
  }
  return {static_cast<int>(patches_along(full.width, low, spec.patch_px)) * spec.patch_px,
          static_cast<int>(patches_along(full.height, low, spec.patch_px)) * spec.patch_px};
}

/// Both sides of a picture scaled as `spec` asks.
struct ScaledSize {
  int64_t width;
  int64_t height;
};

ScaledSize scaled_size(int full_width, int full_height, const PreprocessSpec& spec) {
  if (spec.mode == ResizeMode::kPatches) {
    const PictureSize size = whole_patches({full_width, full_height}, spec);
    return {size.width, size.height};
  }
  const int64_t edge = int64_t{spec.size_px} + spec.margin_px;
  if (spec.mode == ResizeMode::kStretch) return {edge, edge};
  if (spec.mode == ResizeMode::kLongest) {
    const int64_t longest = std::max(full_width, full_height);
    return {std::max<int64_t>(rounded_share(edge, full_width, longest), 1),
            std::max<int64_t>(rounded_share(edge, full_height, longest), 1)};
  }
  const int64_t shortest = std::min(full_width, full_height);
  return {edge * full_width / shortest, edge * full_height / shortest};
}

/// `image`, at most `size` pixels a side, in the middle of a black square.
Image on_black(const Image& image, int size) {
  Image out{size, size, {}};
  constexpr size_t kChannels = 3;
  const size_t row_bytes = static_cast<size_t>(image.width) * kChannels;
  const size_t stride = static_cast<size_t>(size) * kChannels;
  out.rgb.resize(stride * static_cast<size_t>(size));
  const auto left = static_cast<size_t>((size - image.width) / 2) * kChannels;
  const auto top = static_cast<size_t>((size - image.height) / 2);
  for (size_t y = 0; y < static_cast<size_t>(image.height); ++y)
    std::copy_n(image.rgb.data() + y * row_bytes, row_bytes, out.rgb.data() + (top + y) * stride + left);
  return out;
}

/// What is cut out of, or filled up around, a picture `scaled` as `spec` asks.
PictureSize seen_size(const ScaledSize& scaled, const PreprocessSpec& spec) {
  if (spec.mode == ResizeMode::kPatches)
    return {static_cast<int>(scaled.width), static_cast<int>(scaled.height)};
  return {spec.size_px, spec.size_px};
}

/// fit_for_model() of what lies in `box` of `image`, a picture of `full_width` x `full_height` pixels.
Image fit(const Image& image, const PictureBox& box, int full_width, int full_height,
          const PreprocessSpec& spec) {
  require_pixels(image, full_width, full_height);
  const ScaledSize scaled = scaled_size(full_width, full_height, spec);
  const PictureSize seen = seen_size(scaled, spec);
  require_pixels(image, seen.width, seen.height);
  const auto width = static_cast<int>(std::min<int64_t>(scaled.width, seen.width));
  const auto height = static_cast<int>(std::min<int64_t>(scaled.height, seen.height));
  Image fitted = resample(image, spec.filter, box, scaled.width, scaled.height,
                          {center_offset(scaled.width, width, spec.rounding),
                           center_offset(scaled.height, height, spec.rounding), width, height});
  return width == seen.width && height == seen.height ? std::move(fitted) : on_black(fitted, spec.size_px);
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

PictureSize fitted_size(PictureSize full, const PreprocessSpec& spec) {
  return seen_size(scaled_size(full.width, full.height, spec), spec);
}

Image fit_for_model(const Image& image, const PreprocessSpec& spec) {
  return fit(image, whole(image), image.width, image.height, spec);
}

Image fit_for_model(const DecodedImage& decoded, const PreprocessSpec& spec) {
  return fit(decoded.image, decoded.box, decoded.full_width, decoded.full_height, spec);
}

void normalize(const Image& fitted, const PreprocessSpec& spec, float* out) {
  const size_t plane = static_cast<size_t>(fitted.width) * static_cast<size_t>(fitted.height);
  if (fitted.rgb.size() != plane * 3 ||
      (spec.mode != ResizeMode::kPatches && (fitted.width != spec.size_px || fitted.height != spec.size_px)))
    throw Error(ErrorKind::kInternal, "normalize needs an image of the model's size");
  for (size_t channel = 0; channel < 3; ++channel) {
    std::array<float, 256> normalized{};
    for (size_t value = 0; value < normalized.size(); ++value) {
      normalized[value] =
          (static_cast<float>(value) / spec.level_range - spec.mean[channel]) / spec.std[channel];
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
