#include "index/half.h"

#include <cmath>
#include <cstring>

namespace kiloword {
namespace {

// A half's exponent has 5 bits and a bias of 15, a float's 8 and 127; fractions have 10 and 23 bits.
constexpr uint32_t kFractionShift = 13;
constexpr uint32_t kBiasDifference = 112;

uint32_t bits_of(float value) {
  uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

float value_of(uint32_t bits) {
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

}  // namespace

uint16_t half_of(float value) {
  const uint32_t bits = bits_of(value);
  const uint32_t sign = (bits >> 16U) & 0x8000U;
  const uint32_t magnitude = bits & 0x7FFFFFFFU;
  if (magnitude < (kBiasDifference + 1) << 23U) {
    // Below 2^-14 halves are whole multiples of 2^-24, which nearbyint rounds to.
    const float units = std::nearbyint(value_of(magnitude) * 0x1p24F);
    return static_cast<uint16_t>(sign | static_cast<uint32_t>(units));
  }
  const uint32_t odd = (magnitude >> kFractionShift) & 1U;
  const uint32_t rounded = magnitude + 0xFFFU + odd - (kBiasDifference << 23U);
  return static_cast<uint16_t>(sign | (rounded >> kFractionShift));
}

float half_value(uint16_t bits) {
  const uint32_t sign = (bits & 0x8000U) << 16U;
  const uint32_t magnitude = bits & 0x7FFFU;
  if (magnitude < 0x400U) {
    const float value = static_cast<float>(magnitude) * 0x1p-24F;
    return sign != 0 ? -value : value;
  }
  return value_of(sign | ((magnitude << kFractionShift) + (kBiasDifference << 23U)));
}

}  // namespace kiloword
