#include "clip/modified_resnet.h"

#include "clip/one_by_one.h"
#include "kiloword/nn/attention.h"

namespace kiloword {
namespace {

constexpr int64_t kExpansion = 4;  // a bottleneck's outputs per plane

ConvolutionSpec convolution(const std::string& block, const std::string& number, int64_t inputs,
                            int64_t outputs, int64_t kernel, int64_t side, bool relu) {
  ConvolutionSpec spec;
  spec.convolution = block + "conv" + number;
  spec.norm = block + "bn" + number;
  spec.inputs = inputs;
  spec.outputs = outputs;
  spec.kernel = kernel;
  spec.side = side;
  spec.relu = relu;
  return spec;
}

ConvolutionSpec downsampling(const std::string& block, int64_t inputs, int64_t outputs, int64_t side) {
  ConvolutionSpec spec;
  spec.convolution = block + "downsample.0";
  spec.norm = block + "downsample.1";
  spec.inputs = inputs;
  spec.outputs = outputs;
  spec.side = side;
  return spec;
}

LinearSpec linear(const std::string& name, int64_t inputs, int64_t outputs, int64_t rows) {
  LinearSpec spec;
  spec.weights = {{name + ".weight", {outputs, inputs}}};
  spec.biases = {{name + ".bias", {outputs}}};
  spec.inputs = inputs;
  spec.rows = {rows};
  return spec;
}

}  // namespace

Bottleneck::Bottleneck(WeightLoader& loader, const Compute& compute, const std::string& name, int64_t inputs,
                       int64_t planes, int64_t stride, int64_t side)
    : stride_(stride),
      conv1_(loader, compute, convolution(name, "1", inputs, planes, 1, side, true)),
      conv2_(loader, compute, convolution(name, "2", planes, planes, 3, side, true)),
      conv3_(loader, compute, convolution(name, "3", planes, planes * kExpansion, 1, side / stride, false)) {
  if (stride > 1 || inputs != planes * kExpansion) {
    downsample_ = std::make_unique<Convolution>(
        loader, compute, downsampling(name, inputs, planes * kExpansion, side / stride));
  }
}

at::Tensor Bottleneck::operator()(const at::Tensor& x) const {
  at::Tensor out = conv2_(conv1_(x));
  at::Tensor shortcut = x;
  if (stride_ > 1) {
    out = at::avg_pool2d(out, stride_);
    shortcut = at::avg_pool2d(x, stride_);
  }
  out = conv3_(out);
  if (downsample_) shortcut = (*downsample_)(shortcut);
  return out.add_(shortcut).relu_();
}

AttentionPool::AttentionPool(WeightLoader& loader, const Compute& compute, int64_t side, int64_t width,
                             int64_t heads, int64_t projection_dim)
    : compute_(compute),
      heads_(heads),
      query_(loader, compute, linear("visual.attnpool.q_proj", width, width, 1)),
      key_(loader, compute, linear("visual.attnpool.k_proj", width, width, side * side + 1)),
      value_(loader, compute, linear("visual.attnpool.v_proj", width, width, side * side + 1)),
      out_(loader, compute, linear("visual.attnpool.c_proj", width, projection_dim, 1)) {
  loader.request(
      {{"visual.attnpool.positional_embedding", {side * side + 1, width}}},
      [this](const std::vector<at::Tensor>& tensors) { positions_ = tensors[0].to(compute_.device); });
}

at::Tensor AttentionPool::operator()(const at::Tensor& x) const {
  const int64_t width = x.size(1);
  at::Tensor places = x.to(at::kFloat).flatten(2).transpose(1, 2);         // [B, N, C]
  places = at::cat({places.mean(1, true), places}, 1) + positions_;        // [B, N + 1, C]
  const at::Tensor query = query_(places.select(1, 0).to(compute_.type));  // [B, C]
  const at::Tensor rows = places.reshape({-1, width}).to(compute_.type);   // [B * (N + 1), C]
  const std::vector<int64_t> lengths(static_cast<size_t>(places.size(0)), places.size(1));
  return out_(pooling_attention(query, key_(rows), value_(rows), lengths, heads_));  // [B, D]
}

ModifiedResNet::ModifiedResNet(WeightLoader& loader, const Compute& compute, const ClipConfig& config)
    : compute_(compute), stem_pool_(config.vision.stem_pool) {
  const int64_t width = config.vision.width;
  int64_t side = config.vision.image_size;
  ConvolutionSpec first = convolution("visual.", "1", 3, width / 2, 3, side, true);
  first.stride = 2;
  stem_.emplace_back(loader, compute, first);
  side /= 2;
  stem_.emplace_back(loader, compute, convolution("visual.", "2", width / 2, width / 2, 3, side, true));
  stem_.emplace_back(loader, compute, convolution("visual.", "3", width / 2, width, 3, side, true));
  if (stem_pool_) side /= 2;
  int64_t inputs = width;
  for (size_t stage = 0; stage < config.vision.stage_blocks.size(); ++stage) {
    const int64_t planes = width << stage;
    for (int64_t block = 0; block < config.vision.stage_blocks[stage]; ++block) {
      const std::string name = "visual.layer" + std::to_string(stage + 1) + "." + std::to_string(block) + ".";
      const int64_t stride = stage > 0 && block == 0 ? 2 : 1;
      blocks_.emplace_back(loader, compute, name, inputs, planes, stride, side);
      side /= stride;
      inputs = planes * kExpansion;
    }
  }
  pool_ = std::make_unique<AttentionPool>(loader, compute, side, inputs, config.vision.heads,
                                          config.projection_dim);
}

at::Tensor ModifiedResNet::encode(const at::Tensor& pixels) const {
  at::Tensor x = pixels.to(compute_.type).contiguous(at::MemoryFormat::ChannelsLast);
  for (const Convolution& layer : stem_) x = layer(x);
  if (stem_pool_) x = at::avg_pool2d(x, 2);
  for (const Bottleneck& block : blocks_) x = block(x);
  return (*pool_)(x).to(at::kFloat);
}

at::Tensor ModifiedResNet::features(const at::Tensor& pixels) const {
  return encode_one_by_one(pixels, compute_, [this](const at::Tensor& x) { return encode(x); });
}

}  // namespace kiloword
