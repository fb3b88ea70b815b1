#pragma once

#include <cstdint>
#include <vector>

#include "nn/vector_kernels.h"

namespace kiloword {

/// Outputs whose weights stand together, and inputs of one output that stand together.
constexpr int64_t kInt8PanelOutputs = 64;
constexpr int64_t kInt8GroupInputs = 4;

/// out = x W^T + bias with x and W in whole numbers, summed exactly. Panel p holds the weights of outputs 64p
/// to 64p + 63, four inputs of each behind one another: [groups, 64, 4]. What does not fill the last panel
/// and the last group is zero.
struct Int8Product {
  const uint8_t* levels = nullptr;      ///< [rows, 4 * groups]
  const Int8Row* row_of = nullptr;      ///< [rows]
  const int8_t* weights = nullptr;      ///< [panels, groups, 64, 4]
  const float* weight_scale = nullptr;  ///< [panels * 64]: a weight is scale * whole number
  const int32_t* weight_sum = nullptr;  ///< [panels * 64]: of an output's whole numbers
  const float* bias = nullptr;          ///< [panels * 64]
  float* out = nullptr;                 ///< [rows, outputs]
  int64_t groups = 0;
  int64_t outputs = 0;
};

/// Part of a product: rows [row_begin, row_end) of one panel.
struct Int8Block {
  int64_t panel = 0;
  int64_t row_begin = 0;
  int64_t row_end = 0;
};

using Int8Kernel = void (*)(const Int8Product& product, const Int8Block& block);

/// The kernels that this processor can run, the fastest first. Their sums are equal, their results to the
/// last rounding.
std::vector<Int8Kernel> int8_kernels();

/// The fastest one's results.
void multiply_int8(const Int8Product& product, const Int8Block& block);

}  // namespace kiloword
