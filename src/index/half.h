#pragma once

#include <cstdint>

namespace kiloword {

/// The 16-bit float (IEEE 754 binary16) nearest to `value`, ties to even; |value| must be below 65520.
uint16_t half_of(float value);

/// The value of a 16-bit float; for an infinity or a NaN, a number above 65504.
float half_value(uint16_t bits);

}  // namespace kiloword
