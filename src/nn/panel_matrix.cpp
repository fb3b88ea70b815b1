#include "nn/panel_matrix.h"

#include <ATen/Parallel.h>

#include <algorithm>

#include "kiloword/nn/conversion.h"
#include "nn/panel_kernel.h"

namespace kiloword {

PanelMatrix::PanelMatrix(const at::Tensor& weight, const at::Tensor& bias)
    : inputs_(weight.size(1)), outputs_(weight.size(0)) {
  const int64_t count = (outputs_ + kPanelOutputs - 1) / kPanelOutputs;
  const int64_t whole = outputs_ / kPanelOutputs;
  const int64_t rest = outputs_ - whole * kPanelOutputs;
  panels_ = at::empty({count, inputs_, kPanelOutputs}, weight.options());
  panels_.narrow(0, 0, whole)
      .copy_(weight.narrow(0, 0, outputs_ - rest).view({whole, kPanelOutputs, inputs_}).transpose(1, 2));
  if (rest > 0) {
    panels_[whole].zero_();
    panels_[whole].narrow(1, 0, rest).copy_(weight.narrow(0, outputs_ - rest, rest).t());
  }
  bias_ = at::constant_pad_nd(bias.to(at::kFloat), {0, count * kPanelOutputs - outputs_});
}

at::Tensor PanelMatrix::operator()(const at::Tensor& x) const {
  constexpr int64_t kProductsPerThread = 1 << 16;  // fewer are done sooner than another thread is woken
  const at::Tensor in = converted(x, at::kFloat).contiguous();
  at::Tensor out = at::empty({in.size(0), outputs_}, in.options());
  PanelProduct product;
  product.x = in.data_ptr<float>();
  if (panels_.scalar_type() == at::kFloat) {
    product.weights = panels_.data_ptr<float>();
  } else {
    product.bf16_weights = reinterpret_cast<const uint16_t*>(panels_.data_ptr<at::BFloat16>());
  }
  product.bias = bias_.data_ptr<float>();
  product.out = out.data_ptr<float>();
  product.rows = in.size(0);
  product.inputs = inputs_;
  product.outputs = outputs_;
  const int64_t products = std::max(int64_t{1}, product.rows * inputs_ * kPanelOutputs);  // of one panel
  at::parallel_for(0, panels_.size(0), std::max(int64_t{1}, kProductsPerThread / products),
                   [&product](int64_t begin, int64_t end) { multiply_panels(product, begin, end); });
  return converted(out, x.scalar_type());
}

at::Tensor PanelMatrix::rows(const std::vector<int64_t>& outputs) const {
  at::Tensor rows = at::empty({static_cast<int64_t>(outputs.size()), inputs_}, at::kFloat);
  for (size_t i = 0; i < outputs.size(); ++i) {
    const int64_t panel = outputs[i] / kPanelOutputs;
    rows[static_cast<int64_t>(i)].copy_(panels_[panel].select(1, outputs[i] % kPanelOutputs));
  }
  return rows;
}

}  // namespace kiloword
