#pragma once

#include <algorithm>
#include <cmath>

namespace kiloword {

/// log(p / (1 - p)), with p clamped away from 0 and 1, so that the result is within about -21..21.
inline double logit(double probability) {
  constexpr double kEdge = 1e-9;
  const double inside = std::clamp(probability, kEdge, 1 - kEdge);
  return std::log(inside / (1 - inside));
}

/// 1 / (1 + exp(-x)).
inline double logistic(double x) {
  return 1.0 / (1.0 + std::exp(-x));
}

}  // namespace kiloword
