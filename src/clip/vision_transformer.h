#pragma once

#include "clip/config.h"
#include "clip/image_tower.h"
#include "clip/tensor_names.h"
#include "kiloword/nn/layers.h"
#include "kiloword/nn/transformer.h"

namespace kiloword {

/// CLIP's vision transformer (Dosovitskiy et al. 2021, with a norm before the blocks; Radford et al.
/// 2021, 2.4).
class VisionTransformer : public ImageTower {
 public:
  VisionTransformer(WeightLoader& loader, const Compute& compute, const ClipConfig& config,
                    const VisionTransformerNames& names);

  at::Tensor operator()(const at::Tensor& pixels) const override;

 private:
  Rows embed(const at::Tensor& pixels) const;

  Compute compute_;
  int64_t patch_size_;
  int64_t grid_;  ///< patches along one side
  int64_t width_;
  int64_t group_;               ///< pictures that go through a layer in one call
  at::Tensor class_embedding_;  // [C]
  at::Tensor positions_;        // [N + 1, C]
  Linear patch_embedding_;
  LayerNorm pre_norm_;
  Transformer transformer_;
  LayerNorm post_norm_;
  Linear projection_;
};

}  // namespace kiloword
