#include "kiloword/nn/rms_norm.h"

#include <ATen/Parallel.h>

#include "nn/vector_kernels.h"

namespace kiloword {

RmsNorm::RmsNorm(WeightLoader& loader, const Compute& compute, const std::string& name, int64_t width,
                 double epsilon)
    : width_(width), epsilon_(epsilon) {
  loader.request({{name + ".weight", {width}}},
                 [this, device = compute.device](const std::vector<at::Tensor>& tensors) {
                   weight_ = tensors[0].to(device);
                 });
}

at::Tensor RmsNorm::operator()(const at::Tensor& x) const {
  if (!x.device().is_cpu()) {
    return x * (x.square().mean(-1, /*keepdim=*/true) + epsilon_).rsqrt() * weight_;
  }
  constexpr int64_t kRowsPerThread = 16;
  const at::Tensor in = x.contiguous();
  at::Tensor out = at::empty_like(in);
  const float* from = in.data_ptr<float>();
  const float* weight = weight_.data_ptr<float>();
  float* to = out.data_ptr<float>();
  at::parallel_for(0, in.numel() / width_, kRowsPerThread, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      rms_norm(from + row * width_, weight, static_cast<float>(epsilon_), width_, to + row * width_);
    }
  });
  return out;
}

}  // namespace kiloword
