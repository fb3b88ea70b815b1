#pragma once

#include <ATen/ATen.h>

namespace kiloword {

/// SwiGLU (Shazeer 2020): gate * sigmoid(gate) * up. Rows hold N gates, then N ups: [M, 2 N] -> [M, N].
at::Tensor swiglu(const at::Tensor& gates_and_ups);

}  // namespace kiloword
