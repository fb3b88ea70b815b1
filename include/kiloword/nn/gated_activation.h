#pragma once

#include <ATen/ATen.h>

namespace kiloword {

/// SwiGLU (Shazeer 2020): gate * sigmoid(gate) * up for rows that hold the gates, then what they gate: [M, 2
/// N] -> [M, N].
at::Tensor swiglu(const at::Tensor& gates_and_ups);

}  // namespace kiloword
