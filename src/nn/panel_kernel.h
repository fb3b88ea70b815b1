#pragma once

#include <cstdint>
#include <vector>

namespace kiloword {

/// Outputs per panel of weights.
constexpr int64_t kPanelOutputs = 32;

/// out = x W^T + bias with a weight matrix in panels. Panel p contains the weights of outputs 32p to 32p +
/// 31, input by input: [inputs, 32]. The last panel and the bias are zero-padded.
struct PanelProduct {
  const float* x = nullptr;                ///< [rows, inputs]
  const float* weights = nullptr;          ///< [panels, inputs, 32]; null: bf16_weights is set
  const uint16_t* bf16_weights = nullptr;  ///< the same in bfloat16
  const float* bias = nullptr;             ///< [panels * 32]
  float* out = nullptr;                    ///< [rows, outputs]
  int64_t rows = 0;
  int64_t inputs = 0;
  int64_t outputs = 0;
};

/// Computes the outputs of panels [begin, end). Every sum runs over the inputs in order, so a row's result is
/// bit-identical whatever other rows share the call. Few rows run at memory bandwidth, streaming the weights
/// once; many approach peak arithmetic throughput.
using PanelKernel = void (*)(const PanelProduct& product, int64_t begin, int64_t end);

/// The kernels that this processor can run, fastest first.
std::vector<PanelKernel> panel_kernels();

/// Runs the fastest kernel.
void multiply_panels(const PanelProduct& product, int64_t begin, int64_t end);

}  // namespace kiloword
