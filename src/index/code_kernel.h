#pragma once

#include <cstddef>
#include <cstdint>

namespace kiloword {

/// dots[i] = the sum over d of codes[i * dim + d] * query[d], for `count` rows. No sum may exceed 2^31 - 1.
void dot_codes(const int8_t* codes, size_t count, const int16_t* query, size_t dim, int32_t* dots);

}  // namespace kiloword
