#pragma once

#include <vector>

#include "scoring/vectors.h"

namespace kiloword {

/// How pictures that a label must be told from are spread: the background, and examples of other labels.
/// These are pictures as the label will meet them and weigh the more the more there are.
class PictureSpread {
 public:
  /// `background`: at least one; `others` may be empty.
  PictureSpread(const std::vector<Vector>& background, const std::vector<Vector>& others);

  const Vector& mean() const { return mean_; }
  /// Of the products of `v` with the pictures.
  double deviation(const Vector& v) const;
  /// (S + ridge)^-1 v, S the covariance.
  Vector whitened(const Vector& v) const;

 private:
  void add(const std::vector<Vector>& pictures, double share);
  Vector covariance_product(const Vector& v) const;

  Vector mean_;
  std::vector<Vector> rows_;  // less the mean
  std::vector<double> weights_;
  double ridge_ = 0;
};

}  // namespace kiloword
