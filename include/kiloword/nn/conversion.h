#pragma once

#include <ATen/ATen.h>

namespace kiloword {

/// x.to(type). Between fp32 and bf16 on a CPU with custom kernels, since libtorch 1.13 converts value by
/// value.
at::Tensor converted(const at::Tensor& x, at::ScalarType type);

/// x += y for contiguous fp32 `x` and `y` of the same shape, fp32 or bf16.
void add_into(at::Tensor& x, const at::Tensor& y);

}  // namespace kiloword
