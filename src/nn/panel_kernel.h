#pragma once

#include <cstdint>
#include <vector>

namespace kiloword {

/// Outputs whose weights stand together in a matrix laid out in panels.
constexpr int64_t kPanelOutputs = 32;

/// out = x W^T + bias over a weight matrix in panels. Panel p holds the weights of outputs 32p to 32p + 31,
/// one input behind the other: [inputs, 32]. The last panel and the bias are filled up with zeros.
struct PanelProduct {
  const float* x = nullptr;                ///< [rows, inputs]
  const float* weights = nullptr;          ///< [panels, inputs, 32]; or nullptr, then
  const uint16_t* bf16_weights = nullptr;  ///< the same in bfloat16
  const float* bias = nullptr;             ///< [panels * 32]
  float* out = nullptr;                    ///< [rows, outputs]
  int64_t rows = 0;
  int64_t inputs = 0;
  int64_t outputs = 0;
};

/// Computes the outputs of panels [begin, end). Every sum runs over the inputs in their order, so a row's
/// result is the same to the bit whatever shares the call. A few rows are read off the weights in one stream
/// at the speed of memory; many reach about the arithmetic peak.
using PanelKernel = void (*)(const PanelProduct& product, int64_t begin, int64_t end);

/// The kernels that this processor can run, the fastest first.
std::vector<PanelKernel> panel_kernels();

/// The fastest one's results.
void multiply_panels(const PanelProduct& product, int64_t begin, int64_t end);

}  // namespace kiloword
