#include "kiloword/nn/gated_activation.h"

#include <ATen/Parallel.h>

#include "nn/vector_kernels.h"

namespace kiloword {

at::Tensor swiglu(const at::Tensor& gates_and_ups) {
  const int64_t count = gates_and_ups.size(1) / 2;
  if (!gates_and_ups.device().is_cpu() || gates_and_ups.scalar_type() != at::kFloat) {
    return at::silu(gates_and_ups.narrow(1, 0, count)) * gates_and_ups.narrow(1, count, count);
  }
  constexpr int64_t kRowsPerThread = 4;
  const at::Tensor in = gates_and_ups.contiguous();
  at::Tensor out = at::empty({in.size(0), count}, in.options());
  const float* from = in.data_ptr<float>();
  float* to = out.data_ptr<float>();
  at::parallel_for(0, in.size(0), kRowsPerThread, [=](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      const float* gate = from + row * 2 * count;
      gate_row(gate, gate + count, count, to + row * count);
    }
  });
  return out;
}

}  // namespace kiloword
