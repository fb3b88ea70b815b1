#pragma once

#include <ATen/ATen.h>

namespace kiloword {

/// The half of CLIP that sees pictures.
class ImageTower {
 public:
  ImageTower() = default;
  ImageTower(const ImageTower&) = delete;
  ImageTower& operator=(const ImageTower&) = delete;
  virtual ~ImageTower() = default;

  /// Normalised pixels [B, 3, S, S], fp32 -> embeddings [B, D], fp32, not of unit length yet.
  virtual at::Tensor operator()(const at::Tensor& pixels) const = 0;
};

}  // namespace kiloword
