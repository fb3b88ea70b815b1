#include "image/resample.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>

namespace kiloword {
namespace {

// Pillow's fixed point: weights times 2^22, so that 255 times a row of weights (which may overshoot 1) fits
// 32 bits.
constexpr int kPrecisionBits = 32 - 8 - 2;
constexpr int32_t kHalf = 1 << (kPrecisionBits - 1);
constexpr int kChannels = 3;
// The horizontal pass sees four bytes a pixel, the fourth of which nobody reads: so many channels fit
// vectors.
constexpr int kLanes = 4;
// It multiplies whole blocks of taps: two vectors of eight 32-bit lanes.
constexpr int kBlockTaps = 4;
constexpr int kBlock = kBlockTaps * kLanes;

/// The taps of one output pixel: input pixels `first` to `first + count - 1`.
struct Taps {
  int first = 0;
  int count = 0;
};

/// Weights of output pixels `offset` to `offset + taps.size() - 1` along one axis.
struct Weights {
  std::vector<Taps> taps;
  std::vector<int32_t> fixed;  ///< [taps.size(), stride]
  size_t stride = 0;

  int begin() const { return taps.front().first; }
  int end() const { return taps.back().first + taps.back().count; }
};

constexpr double kA = -0.5;
constexpr double kPi = 3.14159265358979323846;

/// Cubic convolution kernel (Keys 1981).
double cubic_kernel(double x) {
  x = std::abs(x);
  if (x < 1.0) {
    return ((kA + 2.0) * x - (kA + 3.0)) * x * x + 1.0;
  }
  if (x < 2.0) {
    return (((x - 5.0) * x + 8.0) * x - 4.0) * kA;
  }
  return 0.0;
}

/// Linear interpolation.
double triangle_kernel(double x) {
  return std::max(1.0 - std::abs(x), 0.0);
}

double sinc(double x) {
  if (x == 0.0) return 1.0;
  x *= kPi;
  return std::sin(x) / x;
}

/// A sinc windowed by a wider one (Duchon 1979), three lobes to a side.
double lanczos_kernel(double x) {
  constexpr double kLobes = 3.0;
  return x >= -kLobes && x < kLobes ? sinc(x) * sinc(x / kLobes) : 0.0;
}

double box_kernel(double x) {
  return x > -0.5 && x <= 0.5 ? 1.0 : 0.0;
}

/// A sinc windowed by a raised cosine (Hamming).
double hamming_kernel(double x) {
  x = std::abs(x);
  return x < 1.0 ? sinc(x) * (0.54 + 0.46 * std::cos(x * kPi)) : 0.0;
}

/// A filter and how far it reaches, in pixels of the larger of the two pictures.
struct Filter {
  double (*kernel)(double);
  double support;
};

Filter filter_of(ResizeFilter filter) {
  switch (filter) {
    case ResizeFilter::kBilinear:
      return {triangle_kernel, 1.0};
    case ResizeFilter::kLanczos:
      return {lanczos_kernel, 3.0};
    case ResizeFilter::kBox:
      return {box_kernel, 0.5};
    case ResizeFilter::kHamming:
      return {hamming_kernel, 1.0};
    case ResizeFilter::kBicubic:
      break;
  }
  return {cubic_kernel, 2.0};
}

int32_t to_fixed(double weight) {
  // Half away from zero, as truncation after adding a signed half gives.
  return static_cast<int32_t>(weight * (1 << kPrecisionBits) + (weight < 0 ? -0.5 : 0.5));
}

/// Weights for scaling `in_length` of `in_size` pixels, from `in_start` on, to `out_size`.
Weights make_weights(const Filter& filter, int in_size, double in_start, double in_length, int64_t out_size,
                     int64_t offset, int count) {
  const double scale = in_length / static_cast<double>(out_size);
  const double filter_scale = std::max(scale, 1.0);
  const double support = filter.support * filter_scale;
  const double inverse_scale = 1.0 / filter_scale;

  Weights weights;
  weights.stride = static_cast<size_t>(std::ceil(support)) * 2 + 1;
  weights.taps.resize(static_cast<size_t>(count));
  weights.fixed.assign(weights.taps.size() * weights.stride, 0);
  std::vector<double> exact(weights.stride);
  for (size_t i = 0; i < weights.taps.size(); ++i) {
    const double center = in_start + (static_cast<double>(offset) + static_cast<double>(i) + 0.5) * scale;
    const int first = std::max(static_cast<int>(std::floor(center - support + 0.5)), 0);
    const int last = std::min(static_cast<int>(std::floor(center + support + 0.5)), in_size);
    double sum = 0;
    for (int x = first; x < last; ++x) {
      const double weight = filter.kernel((x - center + 0.5) * inverse_scale);
      exact[static_cast<size_t>(x - first)] = weight;
      sum += weight;
    }
    weights.taps[i] = {first, last - first};
    for (size_t k = 0; k < static_cast<size_t>(last - first); ++k) {
      weights.fixed[i * weights.stride + k] = to_fixed(sum == 0 ? exact[k] : exact[k] / sum);
    }
  }
  return weights;
}

uint8_t to_pixel(int32_t sum) {
  return static_cast<uint8_t>(std::clamp(sum >> kPrecisionBits, 0, 255));
}

/// The horizontal weights with each tap once a lane, padded with zeros to whole blocks.
struct InterleavedWeights {
  std::vector<int32_t> fixed;  ///< [taps, stride]
  size_t stride = 0;
};

InterleavedWeights interleave(const Weights& weights) {
  InterleavedWeights wide;
  wide.stride = (weights.stride + kBlockTaps - 1) / kBlockTaps * kBlock;
  wide.fixed.assign(weights.taps.size() * wide.stride, 0);
  for (size_t i = 0; i < weights.taps.size(); ++i) {
    for (size_t k = 0; k < weights.stride * kLanes; ++k) {
      wide.fixed[i * wide.stride + k] = weights.fixed[i * weights.stride + k / kLanes];
    }
  }
  return wide;
}

// The two inner loops are compiled twice, for any x86-64 and for AVX2, and chosen at run time: SSE2 has no
// 32-bit multiplication, which makes it three times slower.
#if defined(__x86_64__) && defined(__GNUC__)
#define KILOWORD_INLINE inline __attribute__((always_inline))
#define KILOWORD_HAVE_AVX2_VARIANT 1
#else
#define KILOWORD_INLINE inline
#endif

/// One row: `out` [taps, 3] from `in` [pixels, 4], which may be read up to one block behind its last tap.
KILOWORD_INLINE void horizontal_row_loop(const uint8_t* in, const Weights& weights,
                                         const InterleavedWeights& wide, uint8_t* out) {
  for (size_t i = 0; i < weights.taps.size(); ++i) {
    const uint8_t* pixels = in + static_cast<ptrdiff_t>(weights.taps[i].first) * kLanes;
    const int32_t* fixed = wide.fixed.data() + i * wide.stride;
    const int samples = weights.taps[i].count * kLanes;
    int32_t sums[kBlock] = {};
    for (int k = 0; k < samples; k += kBlock) {
      for (int lane = 0; lane < kBlock; ++lane) {
        sums[lane] += pixels[k + lane] * fixed[k + lane];
      }
    }
    for (int channel = 0; channel < kChannels; ++channel) {
      int32_t sum = kHalf;
      for (int lane = channel; lane < kBlock; lane += kLanes) {
        sum += sums[lane];
      }
      out[i * kChannels + static_cast<size_t>(channel)] = to_pixel(sum);
    }
  }
}

/// One output row of `samples` bytes from `count` rows of `stride` bytes; `sums` is scratch of `samples`
/// numbers.
KILOWORD_INLINE void vertical_row_loop(const uint8_t* in, size_t stride, const int32_t* fixed, int count,
                                       size_t samples, int32_t* sums, uint8_t* out) {
  std::fill_n(sums, samples, kHalf);
  for (int k = 0; k < count; ++k, in += stride) {
    const int32_t weight = fixed[k];
    for (size_t i = 0; i < samples; ++i) {
      sums[i] += in[i] * weight;
    }
  }
  for (size_t i = 0; i < samples; ++i) {
    out[i] = to_pixel(sums[i]);
  }
}

#ifdef KILOWORD_HAVE_AVX2_VARIANT
__attribute__((target("avx2"))) void horizontal_row_avx2(const uint8_t* in, const Weights& weights,
                                                         const InterleavedWeights& wide, uint8_t* out) {
  horizontal_row_loop(in, weights, wide, out);
}
__attribute__((target("avx2"))) void vertical_row_avx2(const uint8_t* in, size_t stride, const int32_t* fixed,
                                                       int count, size_t samples, int32_t* sums,
                                                       uint8_t* out) {
  vertical_row_loop(in, stride, fixed, count, samples, sums, out);
}
bool have_avx2() {
  return __builtin_cpu_supports("avx2") != 0;
}
#endif

void horizontal_row(const uint8_t* in, const Weights& weights, const InterleavedWeights& wide, uint8_t* out) {
#ifdef KILOWORD_HAVE_AVX2_VARIANT
  if (have_avx2()) {
    horizontal_row_avx2(in, weights, wide, out);
    return;
  }
#endif
  horizontal_row_loop(in, weights, wide, out);
}

void vertical_row(const uint8_t* in, size_t stride, const int32_t* fixed, int count, size_t samples,
                  int32_t* sums, uint8_t* out) {
#ifdef KILOWORD_HAVE_AVX2_VARIANT
  if (have_avx2()) {
    vertical_row_avx2(in, stride, fixed, count, samples, sums, out);
    return;
  }
#endif
  vertical_row_loop(in, stride, fixed, count, samples, sums, out);
}

/// Pixels `begin` to `end - 1` of the row `in`, [pixels, 3], in `out`, [pixels, 4].
void spread(const uint8_t* in, size_t begin, size_t end, uint8_t* out) {
  for (size_t x = begin; x + 1 < end; ++x) {
    std::memcpy(out + x * kLanes, in + x * kChannels, kLanes);  // one byte of the next pixel goes along
  }
  std::memcpy(out + (end - 1) * kLanes, in + (end - 1) * kChannels, kChannels);
}

/// Rows `first_row` to `end_row - 1` of `image`, scaled horizontally.
Image scale_rows(const Image& image, int first_row, int end_row, const Weights& weights) {
  const size_t in_stride = static_cast<size_t>(image.width) * kChannels;
  const InterleavedWeights wide = interleave(weights);
  const auto begin = static_cast<size_t>(weights.begin());
  const auto end = static_cast<size_t>(weights.end());
  // A block may reach behind the row's end, where its weights are zero: there must be bytes to read.
  std::vector<uint8_t> row(end * kLanes + kBlock);

  Image out;
  out.width = static_cast<int>(weights.taps.size());
  out.height = end_row - first_row;
  const size_t out_stride = weights.taps.size() * kChannels;
  out.rgb.resize(out_stride * static_cast<size_t>(out.height));
  for (int y = 0; y < out.height; ++y) {
    const uint8_t* in = image.rgb.data() + static_cast<size_t>(first_row + y) * in_stride;
    spread(in, begin, end, row.data());
    horizontal_row(row.data(), weights, wide, out.rgb.data() + static_cast<size_t>(y) * out_stride);
  }
  return out;
}

/// Columns `box.x` on of rows `first_row` to `end_row - 1`, for a width that stays as it is.
Image copy_columns(const Image& image, int first_row, int end_row, const CropBox& box) {
  Image out{box.width, end_row - first_row, {}};
  const size_t stride = static_cast<size_t>(box.width) * kChannels;
  out.rgb.resize(stride * static_cast<size_t>(out.height));
  for (int y = 0; y < out.height; ++y) {
    const size_t start =
        static_cast<size_t>(first_row + y) * static_cast<size_t>(image.width) + static_cast<size_t>(box.x);
    std::memcpy(out.rgb.data() + static_cast<size_t>(y) * stride, image.rgb.data() + start * kChannels,
                stride);
  }
  return out;
}

}  // namespace

Image resample(const Image& image, ResizeFilter filter_kind, const PictureBox& source, int64_t scaled_width,
               int64_t scaled_height, const CropBox& box) {
  const Filter filter = filter_of(filter_kind);
  const Weights vertical =
      make_weights(filter, image.height, source.top, source.height, scaled_height, box.y, box.height);
  // Only the rows that the second pass reads go through the first one.
  const bool keep_width = scaled_width == image.width && source.left == 0 && source.width == image.width;
  const bool keep_height = scaled_height == image.height && source.top == 0 && source.height == image.height;
  const int first_row = keep_height ? static_cast<int>(box.y) : vertical.begin();
  const int end_row = keep_height ? first_row + box.height : vertical.end();

  Image rows = keep_width ? copy_columns(image, first_row, end_row, box)
                          : scale_rows(image, first_row, end_row,
                                       make_weights(filter, image.width, source.left, source.width,
                                                    scaled_width, box.x, box.width));
  if (keep_height) {
    return rows;
  }

  const size_t stride = static_cast<size_t>(box.width) * kChannels;
  Image out{box.width, box.height, {}};
  out.rgb.resize(stride * static_cast<size_t>(box.height));
  std::vector<int32_t> sums(stride);
  for (size_t y = 0; y < vertical.taps.size(); ++y) {
    const Taps& taps = vertical.taps[y];
    vertical_row(rows.rgb.data() + static_cast<size_t>(taps.first - first_row) * stride, stride,
                 vertical.fixed.data() + y * vertical.stride, taps.count, stride, sums.data(),
                 out.rgb.data() + y * stride);
  }
  return out;
}

}  // namespace kiloword
