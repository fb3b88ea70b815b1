#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kiloword::cli {

/// The bytes of a NumPy file (format 1.0) with a little-endian float32 matrix [rows, dim] in C order.
std::string npy_bytes(const std::vector<float>& values, int64_t rows, int64_t dim);

}  // namespace kiloword::cli
