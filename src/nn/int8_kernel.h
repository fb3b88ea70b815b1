#pragma once

#include <cstdint>
#include <vector>

#include "nn/vector_kernels.h"

namespace kiloword {

/// Outputs per panel of weights, and consecutive inputs of an output within a panel.
constexpr int64_t kInt8PanelOutputs = 64;
constexpr int64_t kInt8GroupInputs = 4;

/// out = x W^T + bias with 8-bit x and W and exact integer sums. Panel p contains the weights of outputs 64p
/// to 64p + 63 in groups of four inputs: [groups, 64, 4]. The last panel and the last group are zero-padded.
struct Int8Product {
  const uint8_t* levels = nullptr;      ///< [rows, 4 * groups]
  const Int8Row* row_of = nullptr;      ///< [rows]
  const int8_t* weights = nullptr;      ///< [panels, groups, 64, 4]
  const float* weight_scale = nullptr;  ///< [panels * 64]: weight = scale * integer
  const int32_t* weight_sum = nullptr;  ///< [panels * 64]: sum of an output's integers
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

/// The kernels that this processor can run, fastest first. Their integer sums are equal, their results equal
/// up to the last rounding.
std::vector<Int8Kernel> int8_kernels();

/// Runs the fastest kernel.
void multiply_int8(const Int8Product& product, const Int8Block& block);

}  // namespace kiloword
