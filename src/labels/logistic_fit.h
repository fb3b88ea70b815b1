#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace kiloword {

constexpr size_t kFeatures = 3;
using FeatureRow = std::array<double, kFeatures>;

/// P(true) = logistic(bias + weights * features).
struct LogisticFit {
  FeatureRow weights{};
  double bias = 0.0;
};

/// Logistic regression by Newton's method on standardized features, with a ridge of a thousandth per example;
/// the feature with the most negative weight is left out and the rest fitted again until none is negative. A
/// feature that does not vary is left out. `rows` and `outcomes` are of one length, above 0.
LogisticFit fit_logistic(const std::vector<FeatureRow>& rows, const std::vector<bool>& outcomes);

}  // namespace kiloword
