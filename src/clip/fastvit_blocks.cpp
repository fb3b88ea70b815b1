#include "clip/fastvit_blocks.h"

#include <vector>

#include "kiloword/nn/attention.h"

namespace kiloword {
namespace {

constexpr int64_t kHeadWidth = 32;
constexpr int64_t kFeedForwardKernel = 7;
constexpr double kNormEpsilon = 1e-5;

FoldedConvolution::Shape depthwise(int64_t side, int64_t channels) {
  FoldedConvolution::Shape shape;
  shape.side = side;
  shape.groups = channels;
  return shape;
}

FoldedConvolution::Shape pointwise(int64_t side, bool relu = false) {
  FoldedConvolution::Shape shape;
  shape.side = side;
  shape.relu = relu;
  return shape;
}

/// A 1 x 1 convolution with bias.
std::vector<TensorSpec> pointwise_tensors(const std::string& name, int64_t inputs, int64_t outputs) {
  return {{name + ".weight", {outputs, inputs, 1, 1}}, {name + ".bias", {outputs}}};
}

void want_pointwise(WeightLoader& loader, FoldedConvolution& layer, const std::string& name, int64_t inputs,
                    int64_t outputs) {
  loader.request(pointwise_tensors(name, inputs, outputs), [&layer](const std::vector<at::Tensor>& tensors) {
    layer.set({tensors[0].clone(), tensors[1].clone()});
  });
}

/// scale (W x + b), a product of channels; `tensors`: W, b and scale [C, 1, 1].
FoldedWeights scale_outputs(const std::vector<at::Tensor>& tensors) {
  const at::Tensor scale = tensors[2].to(at::kDouble).flatten();
  const at::Tensor weight = tensors[0].to(at::kDouble).view({tensors[0].size(0), -1, 1, 1});
  return {weight * scale.view({-1, 1, 1, 1}), tensors[1].to(at::kDouble) * scale};
}

/// W norm(x) = W (scale x + shift) = (W scale) x + W shift; `tensors`: W and the norm's four.
FoldedWeights fold_norm_before(const std::vector<at::Tensor>& tensors) {
  const at::Tensor weight = tensors[0].to(at::kDouble);  // [outputs, C]
  const at::Tensor scale = tensors[1].to(at::kDouble) / (tensors[4].to(at::kDouble) + kNormEpsilon).sqrt();
  const at::Tensor shift = tensors[2].to(at::kDouble) - tensors[3].to(at::kDouble) * scale;
  return {(weight * scale).view({weight.size(0), -1, 1, 1}), (weight * shift).sum(1)};
}

/// [1, C, side, side] -> [side side, C], the same memory.
at::Tensor rows_of(const at::Tensor& x) {
  return x.permute({0, 2, 3, 1}).reshape({-1, x.size(1)});
}

}  // namespace

MobileOneBlock::MobileOneBlock(WeightLoader& loader, const Compute& compute, const MobileOneSpec& spec,
                               int64_t side)
    : convolution_(compute, {side, spec.stride, spec.groups}) {
  want_mobile_one(loader, spec, [this](const FoldedWeights& folded) { convolution_.set(folded); });
}

at::Tensor MobileOneBlock::operator()(const at::Tensor& x) const {
  at::Tensor out = convolution_(x);
  return at::gelu_(out);
}

SqueezeExcitation::SqueezeExcitation(WeightLoader& loader, const Compute& compute, const std::string& name,
                                     int64_t channels, int64_t squeezed)
    : squeeze_(compute, pointwise(1, true)), excite_(compute, pointwise(1)) {
  want_pointwise(loader, squeeze_, name + ".fc1", channels, squeezed);
  want_pointwise(loader, excite_, name + ".fc2", squeezed, channels);
}

at::Tensor SqueezeExcitation::operator()(const at::Tensor& x) const {
  return x * excite_(squeeze_(x.mean({2, 3}, true))).sigmoid_();
}

DepthwiseStep::DepthwiseStep(WeightLoader& loader, const Compute& compute, const Shape& shape)
    : doubles_(shape.outputs != shape.inputs),
      // A channel that becomes two is two channels: oneDNN is much faster where groups are single channels.
      convolution_(compute, {shape.side, shape.stride, shape.outputs}) {
  const auto receive = [this](const FoldedWeights& folded) { convolution_.set(folded); };
  if (shape.large) {
    want_large_kernel(loader, shape.name, shape.outputs, receive);
  } else {
    MobileOneSpec spec{shape.name, shape.inputs, shape.outputs};
    spec.stride = shape.stride;
    spec.groups = shape.inputs;
    want_mobile_one(loader, spec, receive);
  }
  if (shape.squeezed > 0) {
    weights_ = std::make_unique<SqueezeExcitation>(loader, compute, shape.name + ".se", shape.outputs,
                                                   shape.squeezed);
  }
}

at::Tensor DepthwiseStep::operator()(const at::Tensor& x) const {
  at::Tensor out = convolution_(doubles_ ? x.repeat_interleave(2, 1) : x);
  if (weights_) out = (*weights_)(out);
  return at::gelu_(out);
}

ConvolutionalFeedForward::ConvolutionalFeedForward(WeightLoader& loader, const Compute& compute,
                                                   const std::string& name, const std::string& scale,
                                                   int64_t channels, int64_t hidden, int64_t side)
    : depthwise_(compute, depthwise(side, channels)),
      hidden_(compute, pointwise(side)),
      out_(compute, pointwise(side)) {
  want_normed_convolution(loader, name + ".conv", {channels, 1, kFeedForwardKernel, kFeedForwardKernel},
                          [this](const FoldedWeights& folded) { depthwise_.set(folded); });
  want_pointwise(loader, hidden_, name + ".fc1", channels, hidden);
  std::vector<TensorSpec> specs = pointwise_tensors(name + ".fc2", hidden, channels);
  specs.push_back({scale, {channels, 1, 1}});
  loader.request(std::move(specs),
                 [this](const std::vector<at::Tensor>& tensors) { out_.set(scale_outputs(tensors)); });
}

at::Tensor ConvolutionalFeedForward::operator()(const at::Tensor& x) const {
  at::Tensor hidden = hidden_(depthwise_(x));  // [B, hidden, side, side]
  return out_(at::gelu_(hidden)).add_(x);
}

RepMixerBlock::RepMixerBlock(WeightLoader& loader, const Compute& compute, const std::string& name,
                             const FastVitBlockShape& shape)
    : mixer_(compute, depthwise(shape.side, shape.channels)),
      feed_forward_(loader, compute, name + ".mlp", name + ".layer_scale.gamma", shape.channels, shape.hidden,
                    shape.side) {
  want_rep_mixer(loader, name + ".token_mixer", shape.channels,
                 [this](const FoldedWeights& folded) { mixer_.set(folded); });
}

at::Tensor RepMixerBlock::operator()(const at::Tensor& x) const {
  return feed_forward_(mixer_(x));
}

AttentionBlock::AttentionBlock(WeightLoader& loader, const Compute& compute, const std::string& name,
                               const FastVitBlockShape& shape)
    : type_(compute.type),
      heads_(shape.channels / kHeadWidth),
      qkv_(compute, pointwise(shape.side)),
      out_(compute, pointwise(shape.side)),
      feed_forward_(loader, compute, name + ".mlp", name + ".layer_scale_2.gamma", shape.channels,
                    shape.hidden, shape.side) {
  const std::vector<int64_t> channels{shape.channels};
  const TensorSpec qkv{name + ".token_mixer.qkv.weight", {3 * shape.channels, shape.channels}};
  const std::string norm = name + ".norm";
  if (shape.layer_norm) {
    norm_ = std::make_unique<LayerNorm>(loader, compute, norm, shape.channels, kNormEpsilon);
    loader.request({qkv}, [this](const std::vector<at::Tensor>& tensors) {
      qkv_.set({tensors[0].clone().unsqueeze(2).unsqueeze(3), at::zeros({tensors[0].size(0)})});
    });
  } else {
    loader.request({qkv,
                    {norm + ".weight", channels},
                    {norm + ".bias", channels},
                    {norm + ".running_mean", channels},
                    {norm + ".running_var", channels}},
                   [this](const std::vector<at::Tensor>& tensors) { qkv_.set(fold_norm_before(tensors)); });
  }
  const std::string out = name + ".token_mixer.proj";
  loader.request({{out + ".weight", {shape.channels, shape.channels}},
                  {out + ".bias", channels},
                  {name + ".layer_scale_1.gamma", {shape.channels, 1, 1}}},
                 [this](const std::vector<at::Tensor>& tensors) { out_.set(scale_outputs(tensors)); });
}

at::Tensor AttentionBlock::operator()(const at::Tensor& x) const {
  const auto picture = [&x](const at::Tensor& rows) {
    return rows.reshape({x.size(0), x.size(2), x.size(3), -1}).permute({0, 3, 1, 2});
  };
  const at::Tensor in = norm_ ? picture((*norm_)(rows_of(x).to(at::kFloat)).to(type_)) : x;
  const std::vector<int64_t> lengths(static_cast<size_t>(x.size(0)), x.size(2) * x.size(3));
  const at::Tensor mixed = self_attention(rows_of(qkv_(in)), lengths, heads_, false);  // [B side side, C]
  return feed_forward_(out_(picture(mixed)).add_(x));
}

}  // namespace kiloword
