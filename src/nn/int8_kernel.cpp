#include "nn/int8_kernel.h"

#include <algorithm>
#include <cstring>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define KILOWORD_X86 1
#include <immintrin.h>
#else
#define KILOWORD_X86 0
#endif

namespace kiloword {
namespace {

// Rows of a tile times vectors of a panel: as many sums as leave registers for weights and levels.

#if KILOWORD_X86

// AVX-512 with VNNI: one instruction multiplies 64 levels by 64 weights and adds fours of them to 16 sums.
#define KILOWORD_VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni"), always_inline))

constexpr int64_t kLanes = 16;
constexpr int64_t kVectors = kInt8PanelOutputs / kLanes;

/// sums[Rows, 64], in memory only at the end: what is indexed by numbers known when compiling stays in
/// registers.
template <int64_t Rows>
KILOWORD_VNNI inline void vnni_sums(const Int8Product& product, int64_t panel, int64_t row, int32_t* out) {
  const int64_t inputs = product.groups * kInt8GroupInputs;
  const uint8_t* levels = product.levels + row * inputs;
  const int8_t* weights = product.weights + panel * inputs * kInt8PanelOutputs;
  __m512i sums[Rows][kVectors];
  for (int64_t r = 0; r < Rows; ++r) {
    for (int64_t v = 0; v < kVectors; ++v) sums[r][v] = _mm512_setzero_si512();
  }
  for (int64_t g = 0; g < product.groups; ++g) {
    __m512i weight[kVectors];
    for (int64_t v = 0; v < kVectors; ++v) {
      weight[v] = _mm512_loadu_si512(weights + (g * kVectors + v) * kLanes * kInt8GroupInputs);
    }
    for (int64_t r = 0; r < Rows; ++r) {
      int32_t four = 0;
      std::memcpy(&four, levels + r * inputs + g * kInt8GroupInputs, sizeof four);
      const __m512i level = _mm512_set1_epi32(four);
      for (int64_t v = 0; v < kVectors; ++v) sums[r][v] = _mm512_dpbusd_epi32(sums[r][v], level, weight[v]);
    }
  }
  for (int64_t r = 0; r < Rows; ++r) {
    for (int64_t v = 0; v < kVectors; ++v) {
      _mm512_storeu_si512(out + r * kInt8PanelOutputs + v * kLanes, sums[r][v]);
    }
  }
}

/// Whole numbers of one row and panel -> results.
KILOWORD_VNNI inline void vnni_results(const Int8Product& product, int64_t panel, int64_t row,
                                       const int32_t* sums) {
  const Int8Row& of = product.row_of[row];
  const __m512 row_scale = _mm512_set1_ps(of.scale);
  const __m512i zero = _mm512_set1_epi32(of.zero);
  const int64_t first = panel * kInt8PanelOutputs;
  const int64_t count = std::min(kInt8PanelOutputs, product.outputs - first);
  for (int64_t n = 0; n < count; n += kLanes) {
    const auto mask = static_cast<__mmask16>((1U << std::min(kLanes, count - n)) - 1U);
    const __m512i from_zero = _mm512_mullo_epi32(zero, _mm512_loadu_si512(product.weight_sum + first + n));
    const __m512 sum =
        _mm512_maskz_cvtepi32_ps(mask, _mm512_sub_epi32(_mm512_loadu_si512(sums + n), from_zero));
    const __m512 scale = _mm512_mul_ps(_mm512_loadu_ps(product.weight_scale + first + n), row_scale);
    const __m512 result = _mm512_fmadd_ps(sum, scale, _mm512_loadu_ps(product.bias + first + n));
    _mm512_mask_storeu_ps(product.out + row * product.outputs + first + n, mask, result);
  }
}

template <int64_t Rows>
KILOWORD_VNNI inline void vnni_tile(const Int8Product& product, int64_t panel, int64_t row) {
  alignas(64) int32_t sums[Rows * kInt8PanelOutputs];
  vnni_sums<Rows>(product, panel, row, sums);
  for (int64_t r = 0; r < Rows; ++r) {
    vnni_results(product, panel, row + r, sums + r * kInt8PanelOutputs);
  }
}

/// `rows` <= MaxRows rows.
template <int64_t MaxRows>
KILOWORD_VNNI inline void vnni_tile_of(int64_t rows, const Int8Product& product, int64_t panel, int64_t row) {
  if constexpr (MaxRows > 1) {
    if (rows < MaxRows) return vnni_tile_of<MaxRows - 1>(rows, product, panel, row);
  }
  vnni_tile<MaxRows>(product, panel, row);
}

__attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni"))) void multiply_vnni(const Int8Product& product,
                                                                                   const Int8Block& block) {
  constexpr int64_t kTileRows = 6;
  for (int64_t row = block.row_begin; row < block.row_end; row += kTileRows) {
    vnni_tile_of<kTileRows>(std::min(kTileRows, block.row_end - row), product, block.panel, row);
  }
}
#endif

/// One row of one panel into `sums` [64]: whole numbers, so that any order gives the same.
inline void sum_row(const Int8Product& product, const Int8Block& block, int64_t row, int32_t* sums) {
  const int64_t inputs = product.groups * kInt8GroupInputs;
  const uint8_t* levels = product.levels + row * inputs;
  const int8_t* weights = product.weights + block.panel * inputs * kInt8PanelOutputs;
  std::fill(sums, sums + kInt8PanelOutputs, 0);
  for (int64_t g = 0; g < product.groups; ++g, weights += kInt8PanelOutputs * kInt8GroupInputs) {
    for (int64_t n = 0; n < kInt8PanelOutputs; ++n) {
      int32_t sum = 0;
      for (int64_t i = 0; i < kInt8GroupInputs; ++i) {
        sum += levels[g * kInt8GroupInputs + i] * weights[n * kInt8GroupInputs + i];
      }
      sums[n] += sum;
    }
  }
}

inline void store_row(const Int8Product& product, const Int8Block& block, int64_t row, const int32_t* sums) {
  const Int8Row& of = product.row_of[row];
  const int64_t first = block.panel * kInt8PanelOutputs;
  const int64_t count = std::min(kInt8PanelOutputs, product.outputs - first);
  for (int64_t n = 0; n < count; ++n) {
    const int64_t output = first + n;
    const auto sum = static_cast<float>(sums[n] - of.zero * product.weight_sum[output]);
    product.out[row * product.outputs + output] =
        sum * (product.weight_scale[output] * of.scale) + product.bias[output];
  }
}

#if KILOWORD_X86
// AVX2: levels and weights as 16-bit numbers, whose pairs of products fit 32 bits.
__attribute__((target("avx2"))) void multiply_avx2(const Int8Product& product, const Int8Block& block) {
  constexpr int64_t kOutputs = 8;  // of one step
  const int64_t inputs = product.groups * kInt8GroupInputs;
  const int8_t* weights = product.weights + block.panel * inputs * kInt8PanelOutputs;
  for (int64_t row = block.row_begin; row < block.row_end; ++row) {
    const uint8_t* levels = product.levels + row * inputs;
    alignas(32) int32_t sums[kInt8PanelOutputs];
    for (int64_t step = 0; step < kInt8PanelOutputs / kOutputs; ++step) {
      const int64_t n = step * kOutputs;
      __m256i lower = _mm256_setzero_si256();  // two sums for each of four outputs
      __m256i upper = _mm256_setzero_si256();
      for (int64_t g = 0; g < product.groups; ++g) {
        int32_t four = 0;
        std::memcpy(&four, levels + g * kInt8GroupInputs, sizeof four);
        const __m256i level = _mm256_broadcastq_epi64(_mm_cvtepu8_epi16(_mm_cvtsi32_si128(four)));
        const int8_t* from = weights + (g * kInt8PanelOutputs + n) * kInt8GroupInputs;
        __m128i halves[2];
        std::memcpy(halves, from, sizeof halves);
        lower = _mm256_add_epi32(lower, _mm256_madd_epi16(level, _mm256_cvtepi8_epi16(halves[0])));
        upper = _mm256_add_epi32(upper, _mm256_madd_epi16(level, _mm256_cvtepi8_epi16(halves[1])));
      }
      const __m256i pairs = _mm256_permute4x64_epi64(_mm256_hadd_epi32(lower, upper), 0xD8);
      _mm256_store_si256(reinterpret_cast<__m256i*>(sums) + step, pairs);
    }
    store_row(product, block, row, sums);
  }
}
#endif

void multiply_anywhere(const Int8Product& product, const Int8Block& block) {
  int32_t sums[kInt8PanelOutputs];
  for (int64_t row = block.row_begin; row < block.row_end; ++row) {
    sum_row(product, block, row, sums);
    store_row(product, block, row, sums);
  }
}

}  // namespace

std::vector<Int8Kernel> int8_kernels() {
  std::vector<Int8Kernel> kernels;
#if KILOWORD_X86
  if (__builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl")) {
    kernels.push_back(multiply_vnni);
  }
  if (__builtin_cpu_supports("avx2")) kernels.push_back(multiply_avx2);
#endif
  kernels.push_back(multiply_anywhere);
  return kernels;
}

void multiply_int8(const Int8Product& product, const Int8Block& block) {
  static const Int8Kernel kFastest = int8_kernels().front();
  kFastest(product, block);
}

}  // namespace kiloword
