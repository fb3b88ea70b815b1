#include "clip/vision_transformer.h"

#include <algorithm>

#include "clip/transformer_shape.h"

namespace kiloword {
namespace {

int64_t tokens_of(const VisionConfig& vision) {
  const int64_t grid = vision.image_size / vision.patch_size;
  return grid * grid + 1;
}

/// Pictures that share a call on the CPU when there are several: their rows fill the products well, and their
/// activations still fit a core's cache.
int64_t group_of(const VisionConfig& vision) {
  constexpr int64_t kRows = 256;
  return std::clamp<int64_t>(kRows / tokens_of(vision), 1, 4);
}

/// The rows of calls for one picture and for a group, of `tokens` rows each.
std::vector<int64_t> call_rows(const VisionConfig& vision, int64_t tokens) {
  if (group_of(vision) == 1) return {tokens};
  return {tokens, tokens * group_of(vision)};
}

LinearSpec patch_spec(const VisionConfig& vision, const std::string& name) {
  LinearSpec spec;
  spec.weights = {{name, {vision.width, 3, vision.patch_size, vision.patch_size}}};
  spec.inputs = 3 * vision.patch_size * vision.patch_size;
  spec.rows = call_rows(vision, tokens_of(vision) - 1);
  return spec;
}

LinearSpec projection_spec(const ClipConfig& config, const VisionTransformerNames& names) {
  LinearSpec spec;
  const int64_t width = config.vision.width;
  const int64_t joint = config.projection_dim;
  spec.transposed = names.projection_transposed;
  spec.weights = {{names.projection, spec.transposed ? std::vector<int64_t>{width, joint}
                                                     : std::vector<int64_t>{joint, width}}};
  spec.inputs = width;
  return spec;
}

}  // namespace

VisionTransformer::VisionTransformer(WeightLoader& loader, const Compute& compute, const ClipConfig& config,
                                     const VisionTransformerNames& names)
    : compute_(compute),
      patch_size_(config.vision.patch_size),
      grid_(config.vision.image_size / config.vision.patch_size),
      width_(config.vision.width),
      group_(compute.device.is_cpu() ? group_of(config.vision) : 0),
      patch_embedding_(loader, compute, patch_spec(config.vision, names.patch_embedding)),
      pre_norm_(loader, compute, names.pre_norm, width_, config.vision.norm_epsilon),
      transformer_(loader, compute,
                   transformer_shape(config.vision, call_rows(config.vision, tokens_of(config.vision))),
                   names.blocks),
      post_norm_(loader, compute, names.post_norm, width_, config.vision.norm_epsilon),
      projection_(loader, compute, projection_spec(config, names)) {
  loader.want({{names.class_embedding, {width_}}, {names.positions, {grid_ * grid_ + 1, width_}}},
              [this](const std::vector<at::Tensor>& tensors) {
                class_embedding_ = tensors[0].to(compute_.device);
                positions_ = tensors[1].to(compute_.device);
              });
}

Rows VisionTransformer::embed(const at::Tensor& pixels) const {
  const int64_t batch = pixels.size(0);
  const int64_t used = grid_ * patch_size_;  // a rim that fills no patch is not seen
  const at::Tensor patches = pixels.narrow(2, 0, used)
                                 .narrow(3, 0, used)
                                 .reshape({batch, 3, grid_, patch_size_, grid_, patch_size_})
                                 .permute({0, 2, 4, 1, 3, 5})
                                 .reshape({batch * grid_ * grid_, -1});  // [B * N, 3 P P]
  const at::Tensor embedded =
      patch_embedding_(patches.to(compute_.type)).to(at::kFloat).reshape({batch, grid_ * grid_, width_});
  const at::Tensor classes = class_embedding_.expand({batch, 1, width_});
  const at::Tensor x = at::cat({classes, embedded}, 1) + positions_;  // [B, N + 1, C]
  Rows rows;
  rows.x = pre_norm_(x).reshape({-1, width_});  // [B * (N + 1), C]
  rows.lengths.assign(static_cast<size_t>(batch), grid_ * grid_ + 1);
  return rows;
}

at::Tensor VisionTransformer::operator()(const at::Tensor& pixels) const {
  const at::Tensor on_device = pixels.to(compute_.device);
  const int64_t batch = on_device.size(0);
  std::vector<Rows> groups;
  for (int64_t i = 0; i < batch;) {
    const int64_t left = batch - i;
    const int64_t group = group_ == 0 ? left : left >= group_ ? group_ : 1;
    groups.push_back(embed(on_device.narrow(0, i, group)));
    i += group;
  }
  transformer_(groups);
  std::vector<at::Tensor> classes;
  for (const Rows& rows : groups) {
    const auto group = static_cast<int64_t>(rows.lengths.size());
    classes.push_back(rows.x.reshape({group, -1, width_}).select(1, 0));  // [group, C]
  }
  const at::Tensor pooled = post_norm_(at::cat(classes)).to(compute_.type);  // [B, C]
  return projection_(pooled).to(at::kFloat);                                 // [B, D]
}

}  // namespace kiloword
