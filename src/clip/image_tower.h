#pragma once

#include <ATen/ATen.h>

#include <vector>

namespace kiloword {

/// The image tower of a CLIP model.
class ImageTower {
 public:
  ImageTower() = default;
  ImageTower(const ImageTower&) = delete;
  ImageTower& operator=(const ImageTower&) = delete;
  virtual ~ImageTower() = default;

  /// Normalized pixels [B, 3, S, S], fp32 -> embeddings [B, D], fp32, before normalization to unit length.
  at::Tensor operator()(const at::Tensor& pixels) const { return project(features(pixels)); }

  /// Normalized pixels [B, 3, S, S], fp32 -> the input of project(), fp32: the pooled features [B, F] of a
  /// third-party network, if the tower contains one, else the embeddings.
  virtual at::Tensor features(const at::Tensor& pixels) const = 0;
  /// The same for B images [3, H, W] of individual sizes, if the tower supports them; otherwise, all must be
  /// S x S.
  virtual at::Tensor features_of(const std::vector<at::Tensor>& pictures) const {
    return features(at::stack(pictures));
  }
  /// From now on, features() also returns the features that descriptions are generated from, after those that
  /// are projected. Must not be called during another call.
  virtual void keep_findings() {}
  /// features() -> embeddings [B, D], fp32, before normalization to unit length.
  virtual at::Tensor project(const at::Tensor& features) const { return features; }
};

}  // namespace kiloword
