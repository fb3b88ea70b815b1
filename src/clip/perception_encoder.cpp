#include "clip/perception_encoder.h"

#include <cmath>
#include <string>

#include "clip/trunk_projection.h"
#include "kiloword/nn/pair_turns.h"

namespace kiloword {
namespace {

const std::string kTrunk = "visual.trunk.";
constexpr int64_t kPoolHeads = 8;
constexpr int64_t kPoolHiddenRatio = 4;

/// The tower's pooling differs from its blocks in heads and hidden layer.
VisionConfig pool_config(VisionConfig vision) {
  vision.heads = kPoolHeads;
  vision.hidden = kPoolHiddenRatio * vision.width;
  return vision;
}

/// A patch turns half of a head's pairs by its column and half by its row, in frequencies from 1 down to
/// nearly 1 / 10000. With a class token, which turns nothing, columns and rows are counted from 1.
PairTurns axial_turns(const VisionConfig& vision, int64_t extra_tokens, at::Device device) {
  constexpr double kBase = 10000;
  const int64_t bands = vision.width / vision.heads / 4;
  const int64_t grid = vision.image_size / vision.patch_size;
  const at::TensorOptions options(at::kFloat);
  std::vector<float> frequencies;
  for (int64_t band = 0; band < bands; ++band) {
    const double power = static_cast<double>(band) / static_cast<double>(bands);
    frequencies.push_back(static_cast<float>(std::pow(kBase, -power)));
  }
  const at::Tensor places = at::arange(grid, options) + static_cast<double>(extra_tokens);
  const at::Tensor angles = places.unsqueeze(1) * at::tensor(frequencies, options);  // [G, D/4]
  const at::Tensor columns = angles.unsqueeze(0).expand({grid, grid, bands});
  const at::Tensor rows = angles.unsqueeze(1).expand({grid, grid, bands});
  const at::Tensor patches = at::cat({columns, rows}, 2).reshape({grid * grid, 2 * bands});  // [N, D/2]
  const at::Tensor all = at::constant_pad_nd(patches, {0, 0, extra_tokens, 0});              // [T, D/2]
  return {all.cos().to(device), all.sin().to(device)};
}

}  // namespace

PerceptionEncoder::PerceptionEncoder(WeightLoader& loader, const Compute& compute, const ClipConfig& config)
    : PatchTower(loader, compute, config.vision, {kTrunk + "patch_embed.proj.weight"},
                 timm_blocks(config.vision.layers), config.vision.has_class_token ? 1 : 0),
      extra_tokens_(config.vision.has_class_token ? 1 : 0),
      pre_norm_(loader, compute, kTrunk + "norm_pre", width(), config.vision.norm_epsilon),
      pool_(loader, compute, pool_config(config.vision),
            attention_pooled_names(Naming::kOpenClip, config.vision.layers),
            picture_call_rows(patch_count() + extra_tokens_, compute)),
      projection_(loader, compute, trunk_projection(config)) {
  use_turns(axial_turns(config.vision, extra_tokens_, compute.device));
  loader.request({{kTrunk + "pos_embed", {1, patch_count() + extra_tokens_, width()}}},
                 [this, device = compute.device](const std::vector<at::Tensor>& tensors) {
                   positions_ = tensors[0].to(device);
                 });
  if (extra_tokens_ == 0) return;
  loader.request({{kTrunk + "cls_token", {1, 1, width()}}},
                 [this, device = compute.device](const std::vector<at::Tensor>& tensors) {
                   class_embedding_ = tensors[0].to(device);
                 });
}

at::Tensor PerceptionEncoder::begin(const at::Tensor& patches) const {
  if (extra_tokens_ == 0) return pre_norm_(patches + positions_);              // [B, N, C]
  return pre_norm_(with_class_token(class_embedding_, patches) + positions_);  // [B, N + 1, C]
}

at::Tensor PerceptionEncoder::pool(const std::vector<Rows>& groups) const {
  return projection_(pool_(groups).to(compute().type)).to(at::kFloat);  // [B, D]
}

}  // namespace kiloword
