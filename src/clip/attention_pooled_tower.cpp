#include "clip/attention_pooled_tower.h"

namespace kiloword {

AttentionPooledTower::AttentionPooledTower(WeightLoader& loader, const Compute& compute,
                                           const ClipConfig& config, const AttentionPooledNames& names)
    : PatchTower(loader, compute, config.vision,
                 {names.patch_embedding + ".weight", names.patch_embedding + ".bias"}, names.blocks, 0),
      pool_(loader, compute, config.vision, names, picture_call_rows(patch_count(), compute)) {
  std::vector<int64_t> places{patch_count(), width()};
  if (names.positions_have_batch) places.insert(places.begin(), 1);
  loader.request({{names.positions, places}},
                 [this, device = compute.device](const std::vector<at::Tensor>& tensors) {
                   positions_ = tensors[0].reshape({patch_count(), width()}).to(device);
                 });
}

at::Tensor AttentionPooledTower::begin(const at::Tensor& patches) const {
  return patches + positions_;  // [B, N, C]
}

at::Tensor AttentionPooledTower::pool(const std::vector<Rows>& groups) const {
  return pool_(groups);  // [B, D]
}

}  // namespace kiloword
