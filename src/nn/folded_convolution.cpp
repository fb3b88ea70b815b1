#include "kiloword/nn/folded_convolution.h"

#include <array>
#include <limits>

#include "nn/exact_convolution.h"
#include "nn/onednn.h"
#include "nn/packed_depthwise.h"

namespace kiloword {

FoldedWeights fold_norm(const at::Tensor& weight, const BatchNormTensors& norm, double epsilon) {
  const at::Tensor scale = norm.weight.to(at::kDouble) / (norm.variance.to(at::kDouble) + epsilon).sqrt();
  return {weight.to(at::kDouble) * scale.view({-1, 1, 1, 1}),
          norm.bias.to(at::kDouble) - norm.mean.to(at::kDouble) * scale};
}

FoldedConvolution::FoldedConvolution(const Compute& compute, const Shape& shape)
    : compute_(compute), shape_(shape) {}

FoldedConvolution::~FoldedConvolution() = default;

void FoldedConvolution::set(const FoldedWeights& folded) {
  weight_ = folded.weight.to(compute_.type);
  bias_ = folded.bias.to(compute_.type);
  padding_ = weight_.size(2) / 2;
  const bool is_depthwise = shape_.groups == weight_.size(0) && weight_.size(1) == 1 && !shape_.relu;
  if (is_depthwise && compute_.device.is_cpu()) {
    constexpr float kAny = std::numeric_limits<float>::infinity();
    const int64_t out_side = (shape_.side - 1) / shape_.stride + 1;
    depthwise_ = std::make_unique<PackedDepthwise>(
        folded, PackedDepthwise::Shape{shape_.side, out_side, shape_.stride, padding_, -kAny, kAny});
    weight_ = at::Tensor();
  } else if (compute_.onednn) {
    const int64_t inputs = weight_.size(1) * shape_.groups;
    packed_ = std::make_unique<PackedConvolution>(weight_, bias_, shape_.stride, padding_,
                                                  std::array<int64_t, 4>{1, inputs, shape_.side, shape_.side},
                                                  shape_.relu, shape_.groups);
    weight_ = at::Tensor();
  } else {
    weight_ = weight_.to(compute_.device);
    bias_ = bias_.to(compute_.device);
  }
}

at::Tensor FoldedConvolution::operator()(const at::Tensor& x) const {
  if (depthwise_) return (*depthwise_)(x);
  if (packed_) return (*packed_)(x.contiguous(at::MemoryFormat::ChannelsLast));
  const at::Tensor out = exact_convolution(x, weight_, bias_, shape_.stride, padding_, shape_.groups);
  return shape_.relu ? at::relu(out) : out;
}

}  // namespace kiloword
