#pragma once

#include <cstdint>
#include <cstring>

// Vectors of floats of a fixed width. The compiler splits vectors wider than the processor's into pieces in
// memory, which is ten times slower.

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define KILOWORD_X86 1
#else
#define KILOWORD_X86 0
#endif
#define KILOWORD_INLINE inline __attribute__((always_inline))

namespace kiloword {

template <int64_t Lanes>
struct Vectors {
  // With `using`, GCC drops an attribute that depends on a template parameter.
  typedef float Float __attribute__((vector_size(Lanes * sizeof(float))));
  typedef uint32_t Word __attribute__((vector_size(Lanes * sizeof(uint32_t))));
  typedef uint16_t Half __attribute__((vector_size(Lanes * sizeof(uint16_t))));
};

template <int64_t Lanes>
KILOWORD_INLINE typename Vectors<Lanes>::Float load(const float* from) {
  typename Vectors<Lanes>::Float v;
  std::memcpy(&v, from, sizeof v);
  return v;
}

/// A bfloat16 is the upper half of the float of the same value.
template <int64_t Lanes>
KILOWORD_INLINE typename Vectors<Lanes>::Float load(const uint16_t* from) {
  typename Vectors<Lanes>::Half halves;
  std::memcpy(&halves, from, sizeof halves);
  const auto words = __builtin_convertvector(halves, typename Vectors<Lanes>::Word) << 16;
  typename Vectors<Lanes>::Float v;
  std::memcpy(&v, &words, sizeof v);
  return v;
}

}  // namespace kiloword
