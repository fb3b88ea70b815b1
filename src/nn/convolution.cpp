#include "kiloword/nn/convolution.h"

#include <algorithm>
#include <array>
#include <utility>

#include "kiloword/nn/folded_convolution.h"
#include "nn/exact_convolution.h"
#include "nn/onednn.h"
#include "nn/packed_depthwise.h"

namespace kiloword {
namespace {

constexpr float kHighest = 6;  // of ReLU6

/// Zeros around an image in each direction.
struct Padding {
  int64_t before = 0;
  int64_t after = 0;
};

Padding padding_of(const ConvolutionSpec& spec) {
  const int64_t half = spec.kernel / 2;
  if (!spec.tensorflow_padding) return {half, half};
  const int64_t needed = (spec.out_side() - 1) * spec.stride + spec.kernel - spec.side;
  const int64_t total = std::max(int64_t{0}, needed);
  return {total / 2, total - total / 2};
}

void want_folded(WeightLoader& loader, const ConvolutionSpec& spec, int64_t inputs_of_a_kernel,
                 WeightLoader::Receiver receive) {
  const std::vector<int64_t> channels{spec.outputs};
  loader.request(
      {{spec.convolution + ".weight", {spec.outputs, inputs_of_a_kernel, spec.kernel, spec.kernel}},
       {spec.norm + ".weight", channels},
       {spec.norm + ".bias", channels},
       {spec.norm + ".running_mean", channels},
       {spec.norm + ".running_var", channels}},
      std::move(receive));
}

/// `tensors` as want_folded() declares them.
FoldedWeights fold(const std::vector<at::Tensor>& tensors, double epsilon) {
  return fold_norm(tensors[0], {tensors[1], tensors[2], tensors[3], tensors[4]}, epsilon);
}

}  // namespace

Convolution::Convolution(WeightLoader& loader, const Compute& compute, ConvolutionSpec spec)
    : compute_(compute), spec_(std::move(spec)), padding_(padding_of(spec_).after) {
  want_folded(loader, spec_, spec_.inputs,
              [this](const std::vector<at::Tensor>& tensors) { receive(tensors); });
}

Convolution::~Convolution() = default;

void Convolution::receive(const std::vector<at::Tensor>& tensors) {
  FoldedWeights folded = fold(tensors, spec_.norm_epsilon);
  // oneDNN through libtorch pads both sides alike. A kernel with a row and a column of zeros in front reads
  // one pixel earlier, so that the same padding is one less before the image than after it.
  const int64_t shift = padding_ - padding_of(spec_).before;
  weight_ = at::constant_pad_nd(folded.weight, {shift, 0, shift, 0}).to(compute_.type);
  bias_ = folded.bias.to(compute_.type);
  if (compute_.onednn) {
    packed_ = std::make_unique<PackedConvolution>(
        weight_, bias_, spec_.stride, padding_,
        std::array<int64_t, 4>{1, spec_.inputs, spec_.side, spec_.side}, spec_.relu);
    weight_ = at::Tensor();
  } else {
    weight_ = weight_.to(compute_.device);
    bias_ = bias_.to(compute_.device);
  }
}

at::Tensor Convolution::operator()(const at::Tensor& x) const {
  if (packed_) return (*packed_)(x.contiguous(at::MemoryFormat::ChannelsLast));
  const at::Tensor out = exact_convolution(x, weight_, bias_, spec_.stride, padding_);
  return spec_.relu ? at::relu(out) : out;
}

DepthwiseConvolution::DepthwiseConvolution(WeightLoader& loader, const Compute& compute, ConvolutionSpec spec)
    : compute_(compute), spec_(std::move(spec)) {
  want_folded(loader, spec_, 1, [this](const std::vector<at::Tensor>& tensors) {
    const FoldedWeights folded = fold(tensors, spec_.norm_epsilon);
    if (compute_.device.is_cpu()) {
      packed_ = std::make_unique<PackedDepthwise>(
          folded, PackedDepthwise::Shape{spec_.side, spec_.out_side(), spec_.stride, padding_of(spec_).before,
                                         0, kHighest});
    } else {
      weight_ = folded.weight.to(compute_.type).to(compute_.device);
      bias_ = folded.bias.to(compute_.type).to(compute_.device);
    }
  });
}

at::Tensor DepthwiseConvolution::on_device(const at::Tensor& x) const {
  const Padding padding = padding_of(spec_);
  const at::Tensor padded =
      at::constant_pad_nd(at::relu6(x), {padding.before, padding.after, padding.before, padding.after});
  return at::relu6(exact_convolution(padded, weight_, bias_, spec_.stride, /*padding=*/0, spec_.outputs));
}

DepthwiseConvolution::~DepthwiseConvolution() = default;

at::Tensor DepthwiseConvolution::operator()(const at::Tensor& x) const {
  return packed_ ? (*packed_)(x) : on_device(x);
}

}  // namespace kiloword
