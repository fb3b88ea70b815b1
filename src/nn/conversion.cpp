#include "kiloword/nn/conversion.h"

#include <ATen/Parallel.h>

#include "nn/vector_kernels.h"

namespace kiloword {
namespace {

/// Values that one thread takes at least.
constexpr int64_t kGrain = 32768;

bool is_contiguous_on_cpu(const at::Tensor& x) {
  return x.device().is_cpu() && x.is_contiguous();
}

}  // namespace

at::Tensor converted(const at::Tensor& x, at::ScalarType type) {
  const bool widens = x.scalar_type() == at::kBFloat16 && type == at::kFloat;
  const bool narrows = x.scalar_type() == at::kFloat && type == at::kBFloat16;
  if (!is_contiguous_on_cpu(x) || (!widens && !narrows)) return x.to(type);
  at::Tensor out = at::empty(x.sizes(), x.options().dtype(type));
  const void* from = x.data_ptr();
  void* to = out.data_ptr();
  at::parallel_for(0, x.numel(), kGrain, [=](int64_t begin, int64_t end) {
    if (widens) {
      widen(static_cast<const uint16_t*>(from) + begin, end - begin, static_cast<float*>(to) + begin);
    } else {
      narrow(static_cast<const float*>(from) + begin, end - begin, static_cast<uint16_t*>(to) + begin);
    }
  });
  return out;
}

void add_into(at::Tensor& x, const at::Tensor& y) {
  if (!is_contiguous_on_cpu(x) || !is_contiguous_on_cpu(y) || y.scalar_type() != at::kBFloat16) {
    x.add_(y);
    return;
  }
  auto* to = x.data_ptr<float>();
  const auto* from = static_cast<const uint16_t*>(y.data_ptr());
  at::parallel_for(0, x.numel(), kGrain,
                   [=](int64_t begin, int64_t end) { add_bf16(from + begin, end - begin, to + begin); });
}

}  // namespace kiloword
