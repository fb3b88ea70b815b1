#include "clip/patch_tower.h"

#include <algorithm>

#include "clip/transformer_shape.h"

namespace kiloword {
namespace {

/// Pictures of `tokens` rows that share a call on the CPU when there are several: their rows fill the
/// products well, and their activations still fit a core's cache.
int64_t pictures_in_call(int64_t tokens) {
  constexpr int64_t kRows = 256;
  return std::clamp<int64_t>(kRows / tokens, 1, 4);
}

int64_t grid_of(const VisionConfig& vision) {
  return vision.image_size / vision.patch_size;
}

/// `tokens`: the rows of a picture, its patches and any others.
LinearSpec patch_spec(const VisionConfig& vision, const std::vector<std::string>& names, int64_t tokens,
                      const Compute& compute) {
  const int64_t patches = grid_of(vision) * grid_of(vision);
  LinearSpec spec;
  spec.weights = {{names[0], {vision.width, 3, vision.patch_size, vision.patch_size}}};
  if (names.size() > 1) spec.biases = {{names[1], {vision.width}}};
  spec.inputs = 3 * vision.patch_size * vision.patch_size;
  spec.rows = picture_call_rows(tokens, compute);
  for (int64_t& rows : spec.rows) rows = rows / tokens * patches;
  return spec;
}

}  // namespace

std::vector<int64_t> picture_call_rows(int64_t tokens, const Compute& compute) {
  const int64_t group = pictures_in_call(tokens);
  if (group == 1) return {tokens};
  if (compute.many_images) return {tokens * group};
  return {tokens, tokens * group};
}

PatchTower::PatchTower(WeightLoader& loader, const Compute& compute, const VisionConfig& vision,
                       const std::vector<std::string>& patches, const std::vector<BlockNames>& blocks,
                       int64_t extra_tokens)
    : compute_(compute),
      patch_size_(vision.patch_size),
      grid_(grid_of(vision)),
      width_(vision.width),
      group_(pictures_in_call(grid_ * grid_ + extra_tokens)),
      transformer_(loader, compute,
                   transformer_shape(vision, picture_call_rows(grid_ * grid_ + extra_tokens, compute)),
                   blocks) {
  if (!patches.empty())
    patch_embedding_ = std::make_unique<Linear>(
        loader, compute, patch_spec(vision, patches, grid_ * grid_ + extra_tokens, compute));
}

at::Tensor PatchTower::embed_patches(const at::Tensor& pixels) const {
  const int64_t batch = pixels.size(0);
  const int64_t used = grid_ * patch_size_;  // a rim that fills no patch is not seen
  const at::Tensor patches = pixels.narrow(2, 0, used)
                                 .narrow(3, 0, used)
                                 .reshape({batch, 3, grid_, patch_size_, grid_, patch_size_})
                                 .permute({0, 2, 4, 1, 3, 5})
                                 .reshape({batch * patch_count(), -1});  // [B * N, 3 P P]
  return (*patch_embedding_)(patches.to(compute_.type))
      .to(at::kFloat)
      .reshape({batch, patch_count(), width_});
}

int64_t PatchTower::group_of(int64_t pictures) const {
  if (!compute_.device.is_cpu()) return pictures;
  return pictures >= group_ || compute_.many_images ? group_ : 1;
}

at::Tensor PatchTower::features(const at::Tensor& pixels) const {
  const at::Tensor on_device = pixels.to(compute_.device);
  const int64_t batch = on_device.size(0);
  std::vector<Rows> groups;
  for (int64_t i = 0; i < batch;) {
    const int64_t left = batch - i;
    const int64_t group = group_of(left);
    at::Tensor x = begin(embed_patches(on_device.narrow(0, i, std::min(group, left))));  // [group, T, C]
    if (x.size(0) < group) x = at::constant_pad_nd(x, {0, 0, 0, 0, 0, group - x.size(0)});
    Rows rows;
    rows.lengths.assign(static_cast<size_t>(group), x.size(1));
    rows.x = x.reshape({-1, width_});  // [group * T, C]
    groups.push_back(std::move(rows));
    i += group;
  }
  transformer_(groups);
  return pool(groups).narrow(0, 0, batch);
}

at::Tensor PatchTower::with_class_token(const at::Tensor& class_embedding, const at::Tensor& patches) {
  return at::cat({class_embedding.expand({patches.size(0), 1, patches.size(2)}), patches}, 1);
}

at::Tensor PatchTower::class_tokens(const std::vector<Rows>& groups) const {
  std::vector<at::Tensor> classes;
  for (const Rows& rows : groups) {
    const auto group = static_cast<int64_t>(rows.lengths.size());
    classes.push_back(rows.x.reshape({group, -1, width()}).select(1, 0));  // [group, C]
  }
  return at::cat(classes);
}

}  // namespace kiloword
