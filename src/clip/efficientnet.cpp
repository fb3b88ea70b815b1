#include "clip/efficientnet.h"

#include <algorithm>
#include <cmath>

#include "clip/one_by_one.h"

namespace kiloword {
namespace {

constexpr int64_t kStemWidth = 32;
constexpr double kNormEpsilon = 1e-3;
constexpr double kHighest = 6;  // of ReLU6

int64_t scaled_width(int64_t width, double coefficient) {
  constexpr int64_t kDivisor = 8;
  const double exact = static_cast<double>(width) * coefficient;
  const auto eighths = static_cast<int64_t>(exact + kDivisor / 2.0) / kDivisor;
  const int64_t rounded = std::max(kDivisor, eighths * kDivisor);
  return static_cast<double>(rounded) < 0.9 * exact ? rounded + kDivisor : rounded;
}

ConvolutionSpec convolution(const std::string& name, const std::string& norm, int64_t inputs, int64_t outputs,
                            int64_t side) {
  ConvolutionSpec spec;
  spec.convolution = name;
  spec.norm = norm;
  spec.inputs = inputs;
  spec.outputs = outputs;
  spec.side = side;
  spec.norm_epsilon = kNormEpsilon;
  spec.tensorflow_padding = true;
  return spec;
}

ConvolutionSpec depthwise(const std::string& block, int64_t channels, int64_t side,
                          const EfficientNetStage& stage) {
  ConvolutionSpec spec = convolution(block + "_depthwise_conv", block + "_bn1", channels, channels, side);
  spec.kernel = stage.kernel;
  spec.stride = stage.stride;
  return spec;
}

int64_t side_after(int64_t side, int64_t stride) {
  return (side + stride - 1) / stride;
}

LinearSpec linear(const std::string& name, int64_t inputs, int64_t outputs, bool bias) {
  LinearSpec spec;
  spec.weights = {{name + ".weight", {outputs, inputs}}};
  if (bias) spec.biases = {{name + ".bias", {outputs}}};
  spec.inputs = inputs;
  return spec;
}

/// The projection is small and computed in fp32 whatever the network is.
Compute in_fp32(Compute compute) {
  compute.type = at::kFloat;
  compute.int8 = false;
  return compute;
}

}  // namespace

std::vector<EfficientNetStage> efficientnet_stages(double width_coefficient, double depth_coefficient) {
  std::vector<EfficientNetStage> stages{{1, 3, 1, 1, 16}, {2, 3, 2, 6, 24},  {2, 5, 2, 6, 40},
                                        {3, 3, 2, 6, 80}, {3, 5, 1, 6, 112}, {4, 5, 2, 6, 192},
                                        {1, 3, 1, 6, 320}};
  for (size_t i = 0; i < stages.size(); ++i) {
    stages[i].width = scaled_width(stages[i].width, width_coefficient);
    if (i == 0 || i + 1 == stages.size()) continue;
    stages[i].blocks =
        static_cast<int64_t>(std::ceil(depth_coefficient * static_cast<double>(stages[i].blocks)));
  }
  return stages;
}

InvertedBottleneck::InvertedBottleneck(WeightLoader& loader, const Compute& compute, const std::string& name,
                                       int64_t inputs, int64_t side, const EfficientNetStage& stage)
    : has_shortcut_(stage.stride == 1 && inputs == stage.width),
      expand_(stage.expansion == 1
                  ? nullptr
                  : std::make_unique<Convolution>(loader, compute,
                                                  convolution(name + "_expand_conv", name + "_bn0", inputs,
                                                              inputs * stage.expansion, side))),
      depthwise_(loader, compute, depthwise(name, inputs * stage.expansion, side, stage)),
      project_(loader, compute,
               convolution(name + "_project_conv", name + "_bn2", inputs * stage.expansion, stage.width,
                           side_after(side, stage.stride))) {}

at::Tensor InvertedBottleneck::operator()(const at::Tensor& x) const {
  // Both ReLU6, before and after the depthwise convolution, are part of it.
  const at::Tensor wide = depthwise_(expand_ ? (*expand_)(x) : x);  // [B, expansion * inputs, side', side']
  at::Tensor out = project_(wide);                                  // [B, width, side', side']
  return has_shortcut_ ? out.add_(x) : out;
}

EfficientNetLite::EfficientNetLite(WeightLoader& loader, WeightLoader& network, const Compute& compute,
                                   const ClipConfig& config)
    : compute_(compute),
      linear_(loader, in_fp32(compute),
              linear("visual.linear", config.vision.width, config.projection_dim, true)),
      hidden_(loader, in_fp32(compute),
              linear("visual.hidden", config.vision.width, config.vision.hidden, true)),
      output_(loader, in_fp32(compute),
              linear("visual.output", config.vision.hidden, config.projection_dim, false)) {
  int64_t side = config.vision.image_size;
  ConvolutionSpec stem = convolution("_conv_stem", "_bn0", 3, kStemWidth, side);
  stem.kernel = 3;
  stem.stride = 2;
  stem_ = std::make_unique<Convolution>(network, compute, stem);
  side = stem.out_side();
  int64_t width = kStemWidth;
  for (EfficientNetStage stage :
       efficientnet_stages(config.vision.width_coefficient, config.vision.depth_coefficient)) {
    for (int64_t block = 0; block < stage.blocks; ++block) {
      const std::string name = "_blocks." + std::to_string(blocks_.size()) + ".";
      blocks_.emplace_back(network, compute, name, width, side, stage);
      side = side_after(side, stage.stride);
      width = stage.width;
      stage.stride = 1;
    }
  }
  head_ = std::make_unique<Convolution>(network, compute,
                                        convolution("_conv_head", "_bn1", width, config.vision.width, side));
  for (const char* classifier : {"_fc.weight", "_fc.bias"}) network.ignore(classifier);
  const std::vector<int64_t> features{config.vision.width};
  loader.request({{"visual.feature_mean", features}, {"visual.feature_std", features}},
                 [this](const std::vector<at::Tensor>& tensors) {
                   feature_mean_ = tensors[0].to(compute_.device);
                   feature_std_ = tensors[1].to(compute_.device);
                 });
}

at::Tensor EfficientNetLite::encode(const at::Tensor& pixels) const {
  at::Tensor x = (*stem_)(pixels.to(compute_.type).contiguous(at::MemoryFormat::ChannelsLast));
  for (const InvertedBottleneck& block : blocks_) x = block(x);
  return (*head_)(x).to(at::kFloat).clamp_(0, kHighest).mean({2, 3});  // [B, F]
}

at::Tensor EfficientNetLite::features(const at::Tensor& pixels) const {
  return encode_one_by_one(pixels, compute_, [this](const at::Tensor& x) { return encode(x); });
}

at::Tensor EfficientNetLite::project(const at::Tensor& features) const {
  const at::Tensor x = (features - feature_mean_) / feature_std_;  // [B, F]
  return linear_(x) + output_(at::gelu(hidden_(x)));               // [B, D]
}

}  // namespace kiloword
