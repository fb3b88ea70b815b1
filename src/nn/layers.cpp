#include "kiloword/nn/layers.h"

#include <utility>

#include "nn/onednn.h"

namespace kiloword {
namespace {

constexpr double kBatchNormEpsilon = 1e-5;

}  // namespace

Linear::Linear(WeightLoader& loader, const Compute& compute, LinearSpec spec) : compute_(compute), rows_(spec.rows) {
  std::vector<TensorSpec> wanted = spec.weights;
  wanted.insert(wanted.end(), spec.biases.begin(), spec.biases.end());
  loader.want(std::move(wanted), [this, spec = std::move(spec)](std::vector<at::Tensor> tensors) {
    receive(std::move(tensors), spec);
  });
}

Linear::~Linear() = default;

void Linear::receive(std::vector<at::Tensor> tensors, const LinearSpec& spec) {
  std::vector<at::Tensor> weights;
  for (size_t i = 0; i < spec.weights.size(); ++i) {
    weights.push_back(spec.transposed ? tensors[i].t() : tensors[i].reshape({-1, spec.inputs}));
  }
  const std::vector<at::Tensor> biases(tensors.begin() + static_cast<std::ptrdiff_t>(weights.size()), tensors.end());
  weight_ = at::cat(weights).to(compute_.type).contiguous();  // [outputs, inputs]
  bias_ = biases.empty() ? at::zeros({weight_.size(0)}, weight_.options()) : at::cat(biases).to(compute_.type);
  if (compute_.onednn) {
    packed_ = std::make_unique<PackedConvolution>(weight_.unsqueeze(2).unsqueeze(3), bias_, 1, 0,
                                                  std::array<int64_t, 4>{1, spec.inputs, 1, rows_}, false);
    weight_ = at::Tensor();
  } else {
    weight_ = weight_.to(compute_.device);
    bias_ = bias_.to(compute_.device);
  }
}

at::Tensor Linear::multiply_block(const at::Tensor& block) const {
  const int64_t inputs = block.size(1);
  // A matrix is a picture of one line whose pixels are the rows: a 1 x 1 convolution is the product.
  const at::Tensor line = block.as_strided({1, inputs, 1, rows_}, {rows_ * inputs, 1, rows_ * inputs, inputs});
  const at::Tensor out = (*packed_)(line);  // [1, outputs, 1, rows]
  return out.as_strided({rows_, out.size(1)}, {out.size(1), 1});
}

at::Tensor Linear::operator()(const at::Tensor& x) const {
  if (!packed_) return at::linear(x, weight_, bias_);
  const at::Tensor in = x.contiguous();
  const int64_t count = in.size(0);
  if (count == rows_) return multiply_block(in);
  const int64_t blocks = (count + rows_ - 1) / rows_;
  const at::Tensor padded = at::constant_pad_nd(in, {0, 0, 0, blocks * rows_ - count});
  std::vector<at::Tensor> out;
  for (int64_t i = 0; i < blocks; ++i) out.push_back(multiply_block(padded.narrow(0, i * rows_, rows_)));
  return at::cat(out).narrow(0, 0, count);
}

LayerNorm::LayerNorm(WeightLoader& loader, const Compute& compute, const std::string& name, int64_t width,
                     double epsilon)
    : width_(width), epsilon_(epsilon) {
  loader.want({{name + ".weight", {width}}, {name + ".bias", {width}}},
              [this, device = compute.device](const std::vector<at::Tensor>& tensors) {
                weight_ = tensors[0].to(device);
                bias_ = tensors[1].to(device);
              });
}

at::Tensor LayerNorm::operator()(const at::Tensor& x) const {
  return at::layer_norm(x, {width_}, weight_, bias_, epsilon_);
}

Convolution::Convolution(WeightLoader& loader, const Compute& compute, ConvolutionSpec spec)
    : compute_(compute), spec_(std::move(spec)) {
  const std::vector<int64_t> channels{spec_.outputs};
  loader.want({{spec_.convolution + ".weight", {spec_.outputs, spec_.inputs, spec_.kernel, spec_.kernel}},
               {spec_.norm + ".weight", channels},
               {spec_.norm + ".bias", channels},
               {spec_.norm + ".running_mean", channels},
               {spec_.norm + ".running_var", channels}},
              [this](const std::vector<at::Tensor>& tensors) { receive(tensors); });
}

Convolution::~Convolution() = default;

void Convolution::receive(const std::vector<at::Tensor>& tensors) {
  // norm(conv(x)) = gamma (W x - mean) / sqrt(var + eps) + beta = (scale W) x + (beta - mean scale)
  const at::Tensor scale = tensors[1].to(at::kDouble) / (tensors[4].to(at::kDouble) + kBatchNormEpsilon).sqrt();
  weight_ = (tensors[0].to(at::kDouble) * scale.view({-1, 1, 1, 1})).to(compute_.type);
  bias_ = (tensors[2].to(at::kDouble) - tensors[3].to(at::kDouble) * scale).to(compute_.type);
  if (compute_.onednn) {
    packed_ = std::make_unique<PackedConvolution>(
        weight_, bias_, spec_.stride, spec_.kernel / 2,
        std::array<int64_t, 4>{1, spec_.inputs, spec_.side, spec_.side}, spec_.relu);
    weight_ = at::Tensor();
  } else {
    weight_ = weight_.to(compute_.device);
    bias_ = bias_.to(compute_.device);
  }
}

at::Tensor Convolution::operator()(const at::Tensor& x) const {
  if (packed_) return (*packed_)(x.contiguous(at::MemoryFormat::ChannelsLast));
  const at::Tensor out = at::conv2d(x, weight_, bias_, spec_.stride, spec_.kernel / 2);
  return spec_.relu ? at::relu(out) : out;
}

}  // namespace kiloword
