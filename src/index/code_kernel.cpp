#include "index/code_kernel.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define KILOWORD_X86 1
#else
#define KILOWORD_X86 0
#endif

namespace kiloword {
namespace {

// One loop, compiled for each width of vectors: products of 16-bit numbers, added in pairs to 32 bits.
__attribute__((always_inline)) inline void dot_all(const int8_t* codes, size_t count, const int16_t* query,
                                                   size_t dim, int32_t* dots) {
  for (size_t i = 0; i < count; ++i) {
    const int8_t* code = codes + i * dim;
    int32_t sum = 0;
    for (size_t d = 0; d < dim; ++d) sum += static_cast<int32_t>(static_cast<int16_t>(code[d])) * query[d];
    dots[i] = sum;
  }
}

using Kernel = void (*)(const int8_t*, size_t, const int16_t*, size_t, int32_t*);

void dot_plain(const int8_t* codes, size_t count, const int16_t* query, size_t dim, int32_t* dots) {
  dot_all(codes, count, query, dim, dots);
}

#if KILOWORD_X86
__attribute__((target("avx512f,avx512bw,prefer-vector-width=512"))) void dot_avx512(
    const int8_t* codes, size_t count, const int16_t* query, size_t dim, int32_t* dots) {
  dot_all(codes, count, query, dim, dots);
}

__attribute__((target("avx2"))) void dot_avx2(const int8_t* codes, size_t count, const int16_t* query,
                                              size_t dim, int32_t* dots) {
  dot_all(codes, count, query, dim, dots);
}
#endif

Kernel best_kernel() {
#if KILOWORD_X86
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")) return dot_avx512;
  if (__builtin_cpu_supports("avx2")) return dot_avx2;
#endif
  return dot_plain;
}

}  // namespace

void dot_codes(const int8_t* codes, size_t count, const int16_t* query, size_t dim, int32_t* dots) {
  static const Kernel kernel = best_kernel();
  kernel(codes, count, query, dim, dots);
}

}  // namespace kiloword
