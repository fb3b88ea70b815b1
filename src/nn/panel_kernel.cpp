#include "nn/panel_kernel.h"

#include <algorithm>
#include <cstring>

#include "nn/vectors.h"

namespace kiloword {
namespace {

/// `Rows` rows of the product, 32 outputs each, into `out` [Rows, 32].
template <int64_t Lanes, int64_t Rows, typename Weight>
KILOWORD_INLINE void tile(const float* x, int64_t inputs, const Weight* panel, const float* bias,
                          float* out) {
  constexpr int64_t kVectors = kPanelOutputs / Lanes;
  typename Vectors<Lanes>::Float sums[Rows][kVectors];
  for (int64_t r = 0; r < Rows; ++r) {
    for (int64_t v = 0; v < kVectors; ++v) sums[r][v] = load<Lanes>(bias + v * Lanes);
  }
  for (int64_t i = 0; i < inputs; ++i) {
    typename Vectors<Lanes>::Float weights[kVectors];
    for (int64_t v = 0; v < kVectors; ++v) weights[v] = load<Lanes>(panel + i * kPanelOutputs + v * Lanes);
    for (int64_t r = 0; r < Rows; ++r) {
      for (int64_t v = 0; v < kVectors; ++v) sums[r][v] += x[r * inputs + i] * weights[v];
    }
  }
  for (int64_t r = 0; r < Rows; ++r) {
    for (int64_t v = 0; v < kVectors; ++v) {
      std::memcpy(out + r * kPanelOutputs + v * Lanes, &sums[r][v], sizeof sums[r][v]);
    }
  }
}

/// `rows` <= MaxRows rows of one panel.
template <int64_t Lanes, int64_t MaxRows, typename Weight>
KILOWORD_INLINE void tile_of(int64_t rows, const float* x, int64_t inputs, const Weight* panel,
                             const float* bias, float* out) {
  if constexpr (MaxRows > 1) {
    if (rows < MaxRows) return tile_of<Lanes, MaxRows - 1>(rows, x, inputs, panel, bias, out);
  }
  tile<Lanes, MaxRows>(x, inputs, panel, bias, out);
}

template <int64_t Lanes, int64_t MaxRows, typename Weight>
KILOWORD_INLINE void multiply(const PanelProduct& product, const Weight* weights, int64_t begin,
                              int64_t end) {
  float out[MaxRows * kPanelOutputs];
  for (int64_t p = begin; p < end; ++p) {
    const int64_t first = p * kPanelOutputs;
    const auto bytes = static_cast<size_t>(std::min(kPanelOutputs, product.outputs - first)) * sizeof(float);
    for (int64_t row = 0; row < product.rows; row += MaxRows) {
      const int64_t rows = std::min(MaxRows, product.rows - row);
      tile_of<Lanes, MaxRows>(rows, product.x + row * product.inputs, product.inputs,
                              weights + first * product.inputs, product.bias + first, out);
      for (int64_t r = 0; r < rows; ++r) {
        std::memcpy(product.out + (row + r) * product.outputs + first, out + r * kPanelOutputs, bytes);
      }
    }
  }
}

template <int64_t Lanes, int64_t MaxRows>
KILOWORD_INLINE void multiply(const PanelProduct& product, int64_t begin, int64_t end) {
  if (product.weights != nullptr) {
    multiply<Lanes, MaxRows>(product, product.weights, begin, end);
  } else {
    multiply<Lanes, MaxRows>(product, product.bf16_weights, begin, end);
  }
}

// Rows of a tile: as many sums as leave some of the processor's registers for weights.

#if KILOWORD_X86
__attribute__((target("avx512f,fma"))) void multiply_avx512(const PanelProduct& product, int64_t begin,
                                                            int64_t end) {
  multiply<16, 6>(product, begin, end);
}

__attribute__((target("avx2,fma"))) void multiply_avx2(const PanelProduct& product, int64_t begin,
                                                       int64_t end) {
  multiply<8, 3>(product, begin, end);
}
#endif

void multiply_anywhere(const PanelProduct& product, int64_t begin, int64_t end) {
  multiply<4, 1>(product, begin, end);
}

}  // namespace

std::vector<PanelKernel> panel_kernels() {
  std::vector<PanelKernel> kernels;
#if KILOWORD_X86
  const bool fma = __builtin_cpu_supports("fma");
  if (fma && __builtin_cpu_supports("avx512f")) kernels.push_back(multiply_avx512);
  if (fma && __builtin_cpu_supports("avx2")) kernels.push_back(multiply_avx2);
#endif
  kernels.push_back(multiply_anywhere);
  return kernels;
}

void multiply_panels(const PanelProduct& product, int64_t begin, int64_t end) {
  static const PanelKernel kFastest = panel_kernels().front();
  kFastest(product, begin, end);
}

}  // namespace kiloword
