#include "nn/weight_values.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "kiloword/base/vector_clones.h"

namespace kiloword {
namespace {

template <typename Value>
Value load(const char* bytes, size_t index) {
  Value value;
  std::memcpy(&value, bytes + index * sizeof value, sizeof value);  // may be unaligned
  return value;
}

// A value is not finite where every bit of its exponent is set; the highest bit that the sums below leave
// says whether there was one.

KILOWORD_CLONES
bool read_f32(const char* bytes, size_t count, float* out) {
  constexpr uint32_t kExponent = 0x7F800000;
  uint32_t bad = 0;
  for (size_t i = 0; i < count; ++i) {
    const auto bits = load<uint32_t>(bytes, i);
    bad |= (bits & kExponent) + (kExponent & -kExponent);
    std::memcpy(out + i, &bits, sizeof bits);
  }
  return (bad & 0x80000000U) == 0;
}

KILOWORD_CLONES
bool read_bf16(const char* bytes, size_t count, float* out) {
  constexpr uint32_t kExponent = 0x7F80;
  uint32_t bad = 0;
  for (size_t i = 0; i < count; ++i) {
    const uint32_t half = load<uint16_t>(bytes, i);
    bad |= (half & kExponent) + (kExponent & -kExponent);
    const uint32_t bits = half << 16;
    std::memcpy(out + i, &bits, sizeof bits);
  }
  return (bad & 0x8000U) == 0;
}

KILOWORD_CLONES
bool read_f16(const char* bytes, size_t count, float* out) {
  constexpr uint32_t kExponent = 0x7C00;
  constexpr int kFractionShift = 13;
  constexpr float kExponentShift =
      0x1p112F;  // from a bias of 15 to one of 127; subnormals come out right too
  uint32_t bad = 0;
  for (size_t i = 0; i < count; ++i) {
    const uint32_t half = load<uint16_t>(bytes, i);
    bad |= (half & kExponent) + (kExponent & -kExponent);
    const uint32_t magnitude = (half & 0x7FFF) << kFractionShift;
    float value = 0;
    std::memcpy(&value, &magnitude, sizeof value);
    value *= kExponentShift;
    uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    bits |= (half & 0x8000) << 16;
    std::memcpy(out + i, &bits, sizeof bits);
  }
  return (bad & 0x8000U) == 0;
}

bool read_f64(const char* bytes, size_t count, float* out) {
  bool finite = true;
  for (size_t i = 0; i < count; ++i) {
    out[i] = static_cast<float>(load<double>(bytes, i));
    finite = finite && std::isfinite(out[i]);
  }
  return finite;
}

}  // namespace

bool is_weight_type(TensorType type) {
  return type == TensorType::kF32 || type == TensorType::kF16 || type == TensorType::kBF16 ||
         type == TensorType::kF64;
}

bool read_weight_values(TensorType type, std::string_view bytes, float* out) {
  const size_t count = bytes.size() / element_bytes(type);
  if (type == TensorType::kF16) return read_f16(bytes.data(), count, out);
  if (type == TensorType::kBF16) return read_bf16(bytes.data(), count, out);
  if (type == TensorType::kF64) return read_f64(bytes.data(), count, out);
  return read_f32(bytes.data(), count, out);
}

}  // namespace kiloword
