#pragma once

#include <vector>

#include "clip/image_tower.h"
#include "clip/probe_pool.h"
#include "clip/tensor_names.h"
#include "kiloword/nn/layers.h"
#include "kiloword/nn/transformer.h"

namespace kiloword {

/// SigLIP 2's image tower for native aspect ratios (Tschannen et al. 2025, 2.4.2, "NaFlex"): an image has as
/// many rows as patches, the learned grid of positions is resized to its shape, and all rows are pooled by
/// attention. Its width C is the embedding dimension D.
class NaFlexTower : public ImageTower {
 public:
  /// `max_patches`: rows per image; its patches fill the first, the rest is padding. On the CPU, each image
  /// has its own call.
  NaFlexTower(WeightLoader& loader, const Compute& compute, const ClipConfig& config,
              const AttentionPooledNames& names, int64_t max_patches);

  at::Tensor features(const at::Tensor& pixels) const override { return features_of(pixels.unbind(0)); }
  /// Sides must be multiples of the patch size, with at most `max_patches` patches.
  at::Tensor features_of(const std::vector<at::Tensor>& pictures) const override;

 private:
  at::Tensor patches_of(const at::Tensor& picture) const;
  Rows begin(const std::vector<at::Tensor>& pictures) const;
  at::Tensor positions(int64_t height, int64_t width) const;

  Compute compute_;
  int64_t patch_size_;  // P
  int64_t grid_;        // G
  int64_t width_;       // C
  int64_t max_patches_;
  at::Tensor positions_;  // [G, G, C]
  Linear patch_embedding_;
  Transformer transformer_;
  ProbePool pool_;
};

}  // namespace kiloword
