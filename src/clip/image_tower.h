#pragma once

#include <ATen/ATen.h>

#include <vector>

namespace kiloword {

/// The half of CLIP that sees pictures.
class ImageTower {
 public:
  ImageTower() = default;
  ImageTower(const ImageTower&) = delete;
  ImageTower& operator=(const ImageTower&) = delete;
  virtual ~ImageTower() = default;

  /// Normalised pixels [B, 3, S, S], fp32 -> embeddings [B, D], fp32, not of unit length yet.
  at::Tensor operator()(const at::Tensor& pixels) const { return project(features(pixels)); }

  /// Normalised pixels [B, 3, S, S], fp32 -> what is projected, fp32: pooled features [B, F] where a tower
  /// has a network of others in it, else the embeddings.
  virtual at::Tensor features(const at::Tensor& pixels) const = 0;
  /// The same of B pictures [3, H, W] of their own sizes, where the tower takes such; else all are S x S.
  virtual at::Tensor features_of(const std::vector<at::Tensor>& pictures) const {
    return features(at::stack(pictures));
  }
  /// From now on features() also hold what descriptions are written from, behind what is projected. Not while
  /// a call runs.
  virtual void keep_findings() {}
  /// features() -> embeddings [B, D], fp32, not of unit length yet.
  virtual at::Tensor project(const at::Tensor& features) const { return features; }
};

}  // namespace kiloword
