#include "clip/fastvit.h"

#include <string>

#include "clip/one_by_one.h"

namespace kiloword {
namespace {

const std::string kTrunk = "visual.trunk.";
constexpr size_t kAttentionFrom = 3;  // the first stage whose blocks attend

int64_t half(int64_t side) {
  return (side + 1) / 2;
}

/// A quarter of `channels`, rounded to a multiple of eight.
int64_t squeezed_patches(int64_t channels) {
  constexpr int64_t kDivisor = 8;
  return std::max(kDivisor, (channels / 4 + kDivisor / 2) / kDivisor * kDivisor);
}

/// A sixteenth of the channels of the last convolution, rounded.
int64_t squeezed_last(int64_t channels) {
  constexpr int64_t kDivisor = 16;
  return (channels + kDivisor / 2) / kDivisor;
}

LinearSpec projection_spec(int64_t features, int64_t outputs) {
  LinearSpec spec;
  spec.weights = {{kTrunk + "head.fc.weight", {outputs, features}}};
  spec.biases = {{kTrunk + "head.fc.bias", {outputs}}};
  spec.inputs = features;
  return spec;
}

}  // namespace

FastVit::FastVit(WeightLoader& loader, const Compute& compute, const ClipConfig& config)
    : compute_(compute), five_stages_(config.vision.stage_blocks.size() > 4) {
  const VisionConfig& vision = config.vision;
  int64_t side = vision.image_size;
  int64_t channels = vision.width;
  add_stem(loader, channels, side);
  for (size_t i = 0; i < vision.stage_blocks.size(); ++i) {
    if (i > 0) channels *= 2;
    add_stage(loader, vision, channels, side);
  }
  DepthwiseStep::Shape last;
  last.name = kTrunk + "final_conv";
  last.inputs = channels;
  last.outputs = 2 * channels;
  last.side = side;
  last.squeezed = squeezed_last(last.outputs);
  last_ = std::make_unique<DepthwiseStep>(loader, compute, last);
  projection_ =
      std::make_unique<Linear>(loader, compute, projection_spec(last.outputs, config.projection_dim));
}

/// Section 3.2: MobileOne blocks, dense, depthwise and 1 x 1.
void FastVit::add_stem(WeightLoader& loader, int64_t channels, int64_t& side) {
  for (int64_t i = 0; i < 3; ++i) {
    MobileOneSpec spec{kTrunk + "stem." + std::to_string(i), i == 0 ? 3 : channels, channels};
    spec.kernel = i < 2 ? 3 : 1;
    spec.stride = i < 2 ? 2 : 1;
    spec.groups = i == 1 ? channels : 1;
    spec.has_scale = !five_stages_;
    stem_.emplace_back(loader, compute_, spec, side);
    if (i < 2) side = half(side);
  }
}

void FastVit::add_stage(WeightLoader& loader, const VisionConfig& vision, int64_t channels, int64_t& side) {
  const size_t index = stages_.size();
  const std::string name = kTrunk + "stages." + std::to_string(index) + ".";
  Stage& stage = stages_.emplace_back();
  if (index > 0) {
    DepthwiseStep::Shape patches;
    patches.name = name + "downsample.proj.0";
    patches.inputs = channels / 2;
    patches.outputs = channels;
    patches.stride = 2;
    patches.side = side;
    patches.large = true;
    if (index > 1 && !five_stages_) patches.squeezed = squeezed_patches(channels);
    stage.patches = std::make_unique<DepthwiseStep>(loader, compute_, patches);
    side = half(side);
    MobileOneSpec mix{name + "downsample.proj.1", channels, channels};
    mix.kernel = 1;
    stage.mix = std::make_unique<MobileOneBlock>(loader, compute_, mix, side);
  }
  const bool attends = index >= kAttentionFrom;
  if (attends) {
    stage.positions =
        std::make_unique<FoldedConvolution>(compute_, FoldedConvolution::Shape{side, 1, channels});
    want_conditional_positions(
        loader, name + "pos_emb", channels,
        [positions = stage.positions.get()](const FoldedWeights& folded) { positions->set(folded); });
  }
  const FastVitBlockShape shape{channels, channels * vision.hidden_ratio, side, five_stages_};
  for (int64_t i = 0; i < vision.stage_blocks[index]; ++i) {
    const std::string block = name + "blocks." + std::to_string(i);
    if (attends) {
      stage.blocks.push_back(std::make_unique<AttentionBlock>(loader, compute_, block, shape));
    } else {
      stage.blocks.push_back(std::make_unique<RepMixerBlock>(loader, compute_, block, shape));
    }
  }
}

at::Tensor FastVit::encode(const at::Tensor& pixels) const {
  at::Tensor x = pixels.to(compute_.type).contiguous(at::MemoryFormat::ChannelsLast);
  for (const MobileOneBlock& block : stem_) x = block(x);
  for (const Stage& stage : stages_) {
    if (stage.patches) x = (*stage.mix)((*stage.patches)(x));
    if (stage.positions) x = (*stage.positions)(x);
    for (const auto& block : stage.blocks) x = (*block)(x);
  }
  x = (*last_)(x).mean({2, 3});             // [B, F]
  return (*projection_)(x).to(at::kFloat);  // [B, D]
}

at::Tensor FastVit::features(const at::Tensor& pixels) const {
  return encode_one_by_one(pixels, compute_, [this](const at::Tensor& x) { return encode(x); });
}

}  // namespace kiloword
