#pragma once

#include <vector>

#include "scoring/vectors.h"

namespace kiloword {

/// Mean and covariance of the images that a label must be separated from: the background and examples of
/// other labels. The more examples, the higher their weight, since the label will compete on such images.
class PictureSpread {
 public:
  /// `background` must not be empty; `others` may be.
  PictureSpread(const std::vector<Vector>& background, const std::vector<Vector>& others);

  const Vector& mean() const { return mean_; }
  /// The deviation of the products of `v` with the images.
  double deviation(const Vector& v) const;
  /// (S + ridge)^-1 v, where S is the covariance.
  Vector whitened(const Vector& v) const;

 private:
  void add(const std::vector<Vector>& pictures, double share);
  Vector covariance_product(const Vector& v) const;

  Vector mean_;
  std::vector<Vector> rows_;  // minus the mean
  std::vector<double> weights_;
  double ridge_ = 0;
};

}  // namespace kiloword
