#include "nn/depthwise_kernel.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "nn/vectors.h"

namespace kiloword {
namespace {

constexpr int64_t kColumns = 8;  // results in a row that are summed together: their sums fit the registers

template <int64_t Lanes>
KILOWORD_INLINE void store(float* to, const typename Vectors<Lanes>::Float& v) {
  std::memcpy(to, &v, sizeof v);
}

/// Rounds half to even; the values are finite.
template <int64_t Lanes>
KILOWORD_INLINE void store(uint16_t* to, const typename Vectors<Lanes>::Float& v) {
  typename Vectors<Lanes>::Word words;
  std::memcpy(&words, &v, sizeof words);
  words = (words + 0x7FFF + ((words >> 16) & 1)) >> 16;
  const auto halves = __builtin_convertvector(words, typename Vectors<Lanes>::Half);
  std::memcpy(to, &halves, sizeof halves);
}

template <typename Float>
KILOWORD_INLINE Float clip(const Float& x, const DepthwiseProduct& product) {
  const Float lowest = Float{} + product.lowest;
  const Float highest = Float{} + product.highest;
  const Float high = x > lowest ? x : lowest;
  return high < highest ? high : highest;
}

/// The last `kernel` rows of the image between zeros, as a ring: row y lies at place y mod kernel.
struct Window {
  float* rows = nullptr;
  int64_t width = 0;     ///< columns of a row, zeros included
  int64_t channels = 0;  ///< of a column, padded
  int64_t size() const { return width * channels; }
  float* row(int64_t y, int64_t kernel) const { return rows + y % kernel * size(); }
};

/// A vector that lies in two cache lines takes as long to load as two.
constexpr size_t kLineBytes = 64;
float* on_a_cache_line(std::vector<float>& values) {
  void* begin = values.data();
  size_t space = values.size() * sizeof(float);
  return static_cast<float*>(std::align(kLineBytes, space - kLineBytes, begin, space));
}

/// Copies row `y` of the padded image, which may lie before or after the image itself.
template <int64_t Lanes, typename Element>
KILOWORD_INLINE void fill_row(const DepthwiseProduct& product, const Element* x, int64_t y,
                              const Window& window) {
  float* to = window.row(y, product.kernel);
  const int64_t from = y - product.padding;
  if (from < 0 || from >= product.side) {
    std::fill(to, to + window.size(), 0.0F);
    return;
  }
  to += product.padding * window.channels;  // zeros before and after the row stay from the start
  const Element* row = x + from * product.side * product.channels;
  if (window.channels == product.channels) {
    const int64_t count = product.side * product.channels;
    for (int64_t i = 0; i < count; i += Lanes) store<Lanes>(to + i, clip(load<Lanes>(row + i), product));
    return;
  }
  for (int64_t column = 0; column < product.side; ++column) {
    for (int64_t c = 0; c < product.channels; c += Lanes) {
      Element values[Lanes] = {};
      const auto count = static_cast<size_t>(std::min(Lanes, product.channels - c));
      std::memcpy(values, row + column * product.channels + c, count * sizeof(Element));
      store<Lanes>(to + column * window.channels + c, clip(load<Lanes>(values), product));
    }
  }
}

/// `Columns` results from column `column` on, of `Lanes` channels from `channel` on.
template <int64_t Lanes, int64_t Columns, typename Element>
KILOWORD_INLINE void convolve_columns(const DepthwiseProduct& product, const Window& window, int64_t row,
                                      int64_t column, int64_t channel, Element* out) {
  using Float = typename Vectors<Lanes>::Float;
  Float sums[Columns];
  for (Float& sum : sums) sum = load<Lanes>(product.bias + channel);
  const int64_t step = product.stride * window.channels;
  const float* weights = product.weights + channel;
  for (int64_t ky = 0; ky < product.kernel; ++ky) {
    const float* from = window.row(row * product.stride + ky, product.kernel) + column * step + channel;
    for (int64_t kx = 0; kx < product.kernel; ++kx) {
      const Float weight = load<Lanes>(weights);
      for (int64_t i = 0; i < Columns; ++i) sums[i] += load<Lanes>(from + i * step) * weight;
      from += window.channels;
      weights += window.channels;
    }
  }
  const int64_t count = std::min(Lanes, product.channels - channel);
  Element* to = out + column * product.channels + channel;
  for (int64_t i = 0; i < Columns; ++i, to += product.channels) {
    const Float result = clip(sums[i], product);
    if (count == Lanes) {
      store<Lanes>(to, result);
    } else {
      Element values[Lanes];
      store<Lanes>(values, result);
      std::memcpy(to, values, static_cast<size_t>(count) * sizeof(Element));
    }
  }
}

/// The same for `columns` <= Columns results.
template <int64_t Lanes, int64_t Columns, typename Element>
KILOWORD_INLINE void convolve_some(int64_t columns, const DepthwiseProduct& product, const Window& window,
                                   int64_t row, int64_t column, int64_t channel, Element* out) {
  if constexpr (Columns > 1) {
    if (columns < Columns)
      return convolve_some<Lanes, Columns - 1>(columns, product, window, row, column, channel, out);
  }
  convolve_columns<Lanes, Columns>(product, window, row, column, channel, out);
}

template <int64_t Lanes, typename Element>
KILOWORD_INLINE void convolve(const DepthwiseProduct& product, const Element* x, Element* out,
                              std::vector<float>& scratch) {
  Window window;
  window.width =
      std::max((product.out_side - 1) * product.stride + product.kernel, product.padding + product.side);
  window.channels = padded_channels(product.channels);
  const auto needed = static_cast<size_t>(product.kernel * window.size());
  scratch.assign(needed + kLineBytes / sizeof(float), 0.0F);
  window.rows = on_a_cache_line(scratch);
  int64_t filled = 0;
  for (int64_t row = 0; row < product.out_side; ++row) {
    // Rows that no result needs are passed over, where the stride is longer than the kernel.
    filled = std::max(filled, row * product.stride);
    for (; filled < row * product.stride + product.kernel; ++filled)
      fill_row<Lanes>(product, x, filled, window);
    Element* to = out + row * product.out_side * product.channels;
    for (int64_t channel = 0; channel < product.channels; channel += Lanes) {
      for (int64_t column = 0; column < product.out_side; column += kColumns) {
        const int64_t columns = std::min(kColumns, product.out_side - column);
        convolve_some<Lanes, kColumns>(columns, product, window, row, column, channel, to);
      }
    }
  }
}

template <int64_t Lanes>
KILOWORD_INLINE void convolve(const DepthwiseProduct& product, std::vector<float>& scratch) {
  if (product.x != nullptr) {
    convolve<Lanes>(product, product.x, product.out, scratch);
  } else {
    convolve<Lanes>(product, product.bf16_x, product.bf16_out, scratch);
  }
}

#if KILOWORD_X86
__attribute__((target("avx512f,avx512bw,fma"))) void convolve_avx512(const DepthwiseProduct& product,
                                                                     std::vector<float>& scratch) {
  convolve<16>(product, scratch);
}

__attribute__((target("avx2,fma"))) void convolve_avx2(const DepthwiseProduct& product,
                                                       std::vector<float>& scratch) {
  convolve<8>(product, scratch);
}
#endif

void convolve_anywhere(const DepthwiseProduct& product, std::vector<float>& scratch) {
  convolve<4>(product, scratch);
}

}  // namespace

std::vector<DepthwiseKernel> depthwise_kernels() {
  std::vector<DepthwiseKernel> kernels;
#if KILOWORD_X86
  const bool fma = __builtin_cpu_supports("fma");
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
  if (fma && avx512) kernels.push_back(convolve_avx512);
  if (fma && __builtin_cpu_supports("avx2")) kernels.push_back(convolve_avx2);
#endif
  kernels.push_back(convolve_anywhere);
  return kernels;
}

void convolve_depthwise(const DepthwiseProduct& product, std::vector<float>& scratch) {
  static const DepthwiseKernel kFastest = depthwise_kernels().front();
  kFastest(product, scratch);
}

}  // namespace kiloword
