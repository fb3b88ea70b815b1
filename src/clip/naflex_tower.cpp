#include "clip/naflex_tower.h"

#include <map>
#include <utility>

#include "clip/transformer_shape.h"

namespace kiloword {
namespace {

/// How much each of `from` values counts for each of `to` values: linear interpolation that is widened when
/// shrinking, with centres aligned. [to, from]
at::Tensor linear_weights(int64_t to, int64_t from, at::Device device) {
  const double scale = static_cast<double>(from) / static_cast<double>(to);
  const double support = scale > 1 ? scale : 1;
  const at::TensorOptions options(at::kFloat);
  const at::Tensor centres = (at::arange(to, options) + 0.5) * scale - 0.5;
  const at::Tensor distances = (at::arange(from, options) - centres.unsqueeze(1)).abs();
  const at::Tensor weights = (1 - distances / support).clamp_min(0);
  return (weights / weights.sum(1, true)).to(device);
}

LinearSpec patch_spec(const VisionConfig& vision, const std::string& name, int64_t rows) {
  LinearSpec spec;
  spec.inputs = 3 * vision.patch_size * vision.patch_size;
  spec.weights = {{name + ".weight", {vision.width, spec.inputs}}};
  spec.biases = {{name + ".bias", {vision.width}}};
  spec.rows = {rows};
  return spec;
}

}  // namespace

NaFlexTower::NaFlexTower(WeightLoader& loader, const Compute& compute, const ClipConfig& config,
                         const AttentionPooledNames& names, int64_t max_patches)
    : compute_(compute),
      patch_size_(config.vision.patch_size),
      grid_(config.vision.position_grid),
      width_(config.vision.width),
      max_patches_(max_patches),
      patch_embedding_(loader, compute, patch_spec(config.vision, names.patch_embedding, max_patches)),
      transformer_(loader, compute, transformer_shape(config.vision, {max_patches}), names.blocks),
      pool_(loader, compute, config.vision, names, {max_patches}) {
  loader.request({{names.positions, {grid_ * grid_, width_}}},
                 [this, device = compute.device](const std::vector<at::Tensor>& tensors) {
                   positions_ = tensors[0].reshape({grid_, grid_, width_}).to(device);
                 });
}

at::Tensor NaFlexTower::positions(int64_t height, int64_t width) const {
  if (height == grid_ && width == grid_) return positions_.reshape({-1, width_});
  const at::Tensor columns = at::matmul(linear_weights(width, grid_, compute_.device), positions_);
  const at::Tensor rows = at::matmul(linear_weights(height, grid_, compute_.device),
                                     columns.reshape({grid_, width * width_}));  // [height, width * C]
  return rows.reshape({height * width, width_});
}

at::Tensor NaFlexTower::patches_of(const at::Tensor& picture) const {
  const int64_t height = picture.size(1) / patch_size_;
  const int64_t width = picture.size(2) / patch_size_;
  return picture.reshape({3, height, patch_size_, width, patch_size_})
      .permute({1, 3, 2, 4, 0})
      .reshape({height * width, -1});  // [N, P P 3]
}

Rows NaFlexTower::begin(const std::vector<at::Tensor>& pictures) const {
  const auto count = static_cast<int64_t>(pictures.size());
  at::Tensor patches = at::zeros({count, max_patches_, 3 * patch_size_ * patch_size_});
  Rows rows;
  for (int64_t i = 0; i < count; ++i) {
    const at::Tensor own = patches_of(pictures[static_cast<size_t>(i)]);
    patches[i].narrow(0, 0, own.size(0)).copy_(own);
    rows.lengths.push_back(own.size(0));
  }
  patches = patches.flatten(0, 1).to(compute_.device);
  rows.x = patch_embedding_(patches.to(compute_.type)).to(at::kFloat);  // [M, C]
  std::map<std::pair<int64_t, int64_t>, at::Tensor> known;              // positions by height and width
  for (int64_t i = 0; i < count; ++i) {
    const at::Tensor& picture = pictures[static_cast<size_t>(i)];
    const std::pair<int64_t, int64_t> shape{picture.size(1) / patch_size_, picture.size(2) / patch_size_};
    at::Tensor& of_shape = known[shape];
    if (!of_shape.defined()) of_shape = positions(shape.first, shape.second);
    rows.x.narrow(0, i * max_patches_, rows.lengths[static_cast<size_t>(i)]).add_(of_shape);
  }
  return rows;
}

at::Tensor NaFlexTower::features_of(const std::vector<at::Tensor>& pictures) const {
  std::vector<Rows> groups;
  if (compute_.device.is_cpu()) {
    for (const at::Tensor& picture : pictures) groups.push_back(begin({picture}));
  } else {
    groups.push_back(begin(pictures));
  }
  transformer_(groups);
  return pool_(groups);  // [B, D]
}

}  // namespace kiloword
