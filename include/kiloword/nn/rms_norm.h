#pragma once

#include <ATen/ATen.h>

#include <string>

#include "kiloword/nn/compute.h"
#include "kiloword/nn/weight_loader.h"

namespace kiloword {

/// Root mean square normalization over the last dimension (Zhang and Sennrich 2019), always in fp32:
/// x / sqrt(mean(x^2) + epsilon) * weight. A row's result does not depend on the other rows.
class RmsNorm {
 public:
  RmsNorm(WeightLoader& loader, const Compute& compute, const std::string& name, int64_t width,
          double epsilon);
  RmsNorm(const RmsNorm&) = delete;
  RmsNorm& operator=(const RmsNorm&) = delete;
  ~RmsNorm() = default;

  /// fp32 [M, C] with contiguous rows -> fp32 [M, C].
  at::Tensor operator()(const at::Tensor& x) const;

 private:
  int64_t width_;
  double epsilon_;
  at::Tensor weight_;
};

}  // namespace kiloword
