#include "nn/vector_kernels.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "kiloword/base/vector_clones.h"

// Attention's many small products: libtorch sends them to whichever BLAS is installed, one call per head, and
// the reference BLAS needs longer for them than oneDNN for the rest of the network. Written with the
// compiler's vector types and compiled once per instruction set; the loader picks the processor's best.

#define KILOWORD_INLINE inline __attribute__((always_inline))

namespace kiloword {
namespace {

constexpr int64_t kLanes = 16;
constexpr float kHighestLevel = 255;
constexpr int64_t kTileRows = 6;  // 6 x 16 accumulators fit the registers of AVX2 and AVX-512

using Vector = float __attribute__((vector_size(kLanes * sizeof(float))));
using IntVector = int32_t __attribute__((vector_size(kLanes * sizeof(int32_t))));
using ByteVector = uint8_t __attribute__((vector_size(kLanes * sizeof(uint8_t))));

KILOWORD_INLINE Vector load(const float* from) {
  Vector v;
  std::memcpy(&v, from, sizeof v);
  return v;
}

KILOWORD_INLINE void store(float* to, const Vector& v) {
  std::memcpy(to, &v, sizeof v);
}

KILOWORD_INLINE Vector spread(float x) {
  return Vector{} + x;
}

/// e^x to 1e-7 relative; 0 below x = -87, e^88 above x = 88. x = n ln 2 + r with |r| <= ln(2)/2, then e^r by
/// its Taylor series (next term below 6e-9) and 2^n through the exponent bits.
KILOWORD_INLINE Vector exponential(Vector x) {
  const IntVector vanishes = x < -87.0F;
  x = vanishes ? spread(0.0F) : x;
  x = x > 88.0F ? spread(88.0F) : x;
  constexpr float kRound = 12582912.0F;  // 1.5 * 2^23: adding it rounds to a whole number
  const Vector n = (x * 1.44269504F + kRound) - kRound;
  const Vector r = (x - n * 0.693359375F) + n * 2.12194440e-4F;  // ln 2 in two parts, the first exact times n
  Vector sum = r * (1.0F / 5040) + 1.0F / 720;
  sum = sum * r + 1.0F / 120;
  sum = sum * r + 1.0F / 24;
  sum = sum * r + 1.0F / 6;
  sum = sum * r + 0.5F;
  sum = sum * r + 1.0F;
  sum = sum * r + 1.0F;
  const IntVector bits = (__builtin_convertvector(n, IntVector) + 127) << 23;
  Vector power;
  std::memcpy(&power, &bits, sizeof power);
  return vanishes ? spread(0.0F) : sum * power;
}

/// out[Rows, 16] = a[Rows, inner] b[inner, 16]
template <int64_t Rows>
KILOWORD_INLINE void tile(const float* a, int64_t a_stride, const float* b, int64_t b_stride, int64_t inner,
                          float* out, int64_t out_stride) {
  Vector sums[Rows] = {};
  for (int64_t c = 0; c < inner; ++c) {
    const Vector column = load(b + c * b_stride);
    for (int64_t r = 0; r < Rows; ++r) sums[r] += a[r * a_stride + c] * column;
  }
  for (int64_t r = 0; r < Rows; ++r) store(out + r * out_stride, sums[r]);
}

/// out[rows, columns] = a[rows, inner] b[inner, columns], columns a multiple of 16, rows <= 6.
KILOWORD_INLINE void multiply(const float* a, int64_t a_stride, const float* b, int64_t b_stride,
                              int64_t rows, int64_t inner, int64_t columns, float* out, int64_t out_stride) {
  for (int64_t j = 0; j < columns; j += kLanes) {
    if (rows == kTileRows) {
      tile<kTileRows>(a, a_stride, b + j, b_stride, inner, out + j, out_stride);
      continue;
    }
    for (int64_t r = 0; r < rows; ++r) {
      tile<1>(a + r * a_stride, a_stride, b + j, b_stride, inner, out + r * out_stride + j, out_stride);
    }
  }
}

KILOWORD_INLINE float sum_of_lanes(Vector v) {
  v += __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  v += __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
  v += __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
  v += __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
  return v[0];
}

/// Turns logits[0, seen) into weights that add up to one and sets the rest of `padded` to zero.
KILOWORD_INLINE void softmax(float* logits, int64_t seen, int64_t padded) {
  const float highest = *std::max_element(logits, logits + seen);
  // Not a number below the highest: beyond 1e10 it would round to the highest itself.
  std::fill(logits + seen, logits + padded, -std::numeric_limits<float>::infinity());
  Vector total{};
  for (int64_t j = 0; j < padded; j += kLanes) {
    Vector weight = exponential(load(logits + j) - highest);
    store(logits + j, weight);
    total += weight;
  }
  const float scale = 1.0F / sum_of_lanes(total);
  for (int64_t j = 0; j < padded; j += kLanes) store(logits + j, load(logits + j) * scale);
}

KILOWORD_INLINE float dot(const float* a, const float* b, int64_t count) {
  Vector sums{};
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) sums += load(a + i) * load(b + i);
  float sum = sum_of_lanes(sums);
  for (; i < count; ++i) sum += a[i] * b[i];
  return sum;
}

/// to += scale * from
KILOWORD_INLINE void add_scaled(float* to, const float* from, float scale, int64_t count) {
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) store(to + i, load(to + i) + load(from + i) * scale);
  for (; i < count; ++i) to[i] += from[i] * scale;
}

struct QuickGelu {
  static KILOWORD_INLINE Vector exponent(const Vector& x) { return x * -1.702F; }
};

/// x/2 (1 + tanh(u)) = x / (1 + e^-2u) with u = sqrt(2/pi) (x + 0.044715 x^3).
struct TanhGelu {
  static KILOWORD_INLINE Vector exponent(const Vector& x) {
    return x * (-1.59576912F - 0.0713548163F * x * x);
  }
};

/// x = x / (1 + e^exponent(x))
template <typename Kind>
KILOWORD_INLINE void gelu(float* x, int64_t count) {
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    const Vector v = load(x + i);
    store(x + i, v / (1.0F + exponential(Kind::exponent(v))));
  }
  if (i == count) return;
  float rest[kLanes] = {};
  std::copy(x + i, x + count, rest);
  const Vector v = load(rest);
  store(rest, v / (1.0F + exponential(Kind::exponent(v))));
  std::copy(rest, rest + (count - i), x + i);
}

/// `values` as levels: scaled by `per_level`, rounded to the nearest, `zero` added, held between 0 and 255.
KILOWORD_INLINE ByteVector to_levels(const Vector& values, float per_level, int32_t zero) {
  constexpr float kRound = 12582912.0F;  // as above
  IntVector level = __builtin_convertvector((values * per_level + kRound) - kRound, IntVector) + zero;
  level = level < 0 ? IntVector{} : level;
  level = level > 255 ? IntVector{} + 255 : level;
  return __builtin_convertvector(level, ByteVector);
}

int64_t padded_to_lanes(int64_t count) {
  return (count + kLanes - 1) / kLanes * kLanes;
}

}  // namespace

KILOWORD_CLONES
void attend(const AttentionHead& head, std::vector<float>& scratch) {
  const int64_t keys = padded_to_lanes(head.keys);
  const int64_t dim = padded_to_lanes(head.dim);
  scratch.assign(static_cast<size_t>(keys * head.dim + head.keys * dim + kTileRows * (keys + 2 * dim)), 0.0F);
  float* key_columns = scratch.data();           // [dim, keys]
  float* value = key_columns + keys * head.dim;  // [keys, dim]
  float* query = value + head.keys * dim;        // [6, dim]
  float* weights = query + kTileRows * dim;      // [6, keys]
  float* out = weights + kTileRows * keys;       // [6, dim]
  for (int64_t j = 0; j < head.keys; ++j) {
    const float* from = head.key + j * head.key_stride;
    for (int64_t c = 0; c < head.dim; ++c) key_columns[c * keys + j] = from[c];
    std::memcpy(value + j * dim, head.value + j * head.key_stride,
                static_cast<size_t>(head.dim) * sizeof(float));
  }
  const float scale = 1.0F / std::sqrt(static_cast<float>(head.dim));
  for (int64_t begin = 0; begin < head.queries; begin += kTileRows) {
    const int64_t rows = std::min(kTileRows, head.queries - begin);
    for (int64_t r = 0; r < rows; ++r) {
      const float* from = head.query + (begin + r) * head.query_stride;
      for (int64_t c = 0; c < head.dim; ++c) query[r * dim + c] = from[c] * scale;
    }
    multiply(query, dim, key_columns, keys, rows, head.dim, keys, weights, keys);
    for (int64_t r = 0; r < rows; ++r) {
      softmax(weights + r * keys, head.causal ? begin + r + 1 : head.keys, keys);
    }
    multiply(weights, keys, value, dim, rows, head.keys, dim, out, dim);
    for (int64_t r = 0; r < rows; ++r) {
      std::memcpy(head.out + (begin + r) * head.out_stride, out + r * dim,
                  static_cast<size_t>(head.dim) * sizeof(float));
    }
  }
}

KILOWORD_CLONES
void attend_path(const PathAttention& attention, std::vector<float>& scratch) {
  const int64_t padded = padded_to_lanes(attention.count);
  scratch.resize(static_cast<size_t>(attention.heads * padded));
  const float scale = 1.0F / std::sqrt(static_cast<float>(attention.dim));
  for (int64_t j = 0; j < attention.count; ++j) {
    const float* key = attention.keys + attention.path[j] * attention.stride;
    for (int64_t h = 0; h < attention.heads; ++h) {
      const int64_t column = h * attention.dim;
      scratch[static_cast<size_t>(h * padded + j)] =
          scale * dot(attention.query + column, key + column, attention.dim);
    }
  }
  std::fill(attention.out, attention.out + attention.heads * attention.dim, 0.0F);
  for (int64_t h = 0; h < attention.heads; ++h) {
    softmax(scratch.data() + h * padded, attention.count, padded);
  }
  for (int64_t j = 0; j < attention.count; ++j) {
    const float* value = attention.values + attention.path[j] * attention.stride;
    for (int64_t h = 0; h < attention.heads; ++h) {
      const int64_t column = h * attention.dim;
      add_scaled(attention.out + column, value + column, scratch[static_cast<size_t>(h * padded + j)],
                 attention.dim);
    }
  }
}

KILOWORD_CLONES
void quick_gelu(float* x, int64_t count) {
  gelu<QuickGelu>(x, count);
}

KILOWORD_CLONES
void tanh_gelu(float* x, int64_t count) {
  gelu<TanhGelu>(x, count);
}

KILOWORD_CLONES
void widen(const uint16_t* from, int64_t count, float* to) {
  for (int64_t i = 0; i < count; ++i) {
    const uint32_t word = static_cast<uint32_t>(from[i]) << 16;
    std::memcpy(to + i, &word, sizeof word);
  }
}

KILOWORD_CLONES
void narrow(const float* from, int64_t count, uint16_t* to) {
  for (int64_t i = 0; i < count; ++i) {
    uint32_t word = 0;
    std::memcpy(&word, from + i, sizeof word);
    const uint32_t rounded = (word + 0x7FFFU + ((word >> 16) & 1U)) >> 16;
    const uint32_t quiet = (word >> 16) | 0x40U;  // rounding could carry a NaN over into a number
    to[i] = static_cast<uint16_t>((word & 0x7FFFFFFFU) > 0x7F800000U ? quiet : rounded);
  }
}

KILOWORD_CLONES
void add_bf16(const uint16_t* from, int64_t count, float* to) {
  for (int64_t i = 0; i < count; ++i) {
    const uint32_t word = static_cast<uint32_t>(from[i]) << 16;
    float value = 0;
    std::memcpy(&value, &word, sizeof value);
    to[i] += value;
  }
}

KILOWORD_CLONES
void rms_norm(const float* x, const float* weight, float epsilon, int64_t count, float* out) {
  const float scale = 1.0F / std::sqrt(dot(x, x, count) / static_cast<float>(count) + epsilon);
  for (int64_t i = 0; i < count; ++i) out[i] = x[i] * scale * weight[i];
}

KILOWORD_CLONES
void gate_row(const float* gate, const float* up, int64_t count, float* out) {
  const int64_t whole = count / kLanes * kLanes;
  for (int64_t i = 0; i < whole; i += kLanes) {
    const Vector g = load(gate + i);
    store(out + i, g / (exponential(-g) + 1.0F) * load(up + i));
  }
  for (int64_t i = whole; i < count; ++i) out[i] = gate[i] / (std::exp(-gate[i]) + 1.0F) * up[i];
}

KILOWORD_CLONES
Int8Row quantize_row(const float* values, int64_t count, uint8_t* levels) {
  Vector lowest{};
  Vector highest{};
  Vector not_finite{};  // x - x is 0, or NaN
  float rest[kLanes] = {};
  const int64_t whole = count / kLanes * kLanes;
  std::copy(values + whole, values + count, rest);
  for (int64_t i = 0; i <= whole; i += kLanes) {
    const Vector v = load(i < whole ? values + i : rest);
    lowest = v < lowest ? v : lowest;
    highest = v > highest ? v : highest;
    not_finite += v - v;
  }
  float low = 0;
  float high = 0;
  for (int64_t lane = 0; lane < kLanes; ++lane) {
    low = std::min(low, lowest[lane]);
    high = std::max(high, highest[lane]);
  }
  constexpr float kLeastRange = 1e-30F;  // below it the row counts as zeros: its levels would overflow
  const float range = high / kHighestLevel - low / kHighestLevel;
  Int8Row row;
  row.scale = range > kLeastRange ? range : 0.0F;
  const float per_level = row.scale > 0 ? 1 / row.scale : 0.0F;
  if (sum_of_lanes(not_finite) != 0 || !std::isfinite(range)) {
    row.scale = std::numeric_limits<float>::quiet_NaN();
    std::fill(levels, levels + count, uint8_t{0});
    return row;
  }
  row.zero = static_cast<int32_t>(std::lround(-low * per_level));
  for (int64_t i = 0; i < whole; i += kLanes) {
    const ByteVector level = to_levels(load(values + i), per_level, row.zero);
    std::memcpy(levels + i, &level, sizeof level);
  }
  const ByteVector level = to_levels(load(rest), per_level, row.zero);
  std::memcpy(levels + whole, &level, static_cast<size_t>(count - whole));
  return row;
}

}  // namespace kiloword
