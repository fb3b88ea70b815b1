#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace kiloword {

constexpr size_t kFeatures = 3;
using FeatureRow = std::array<double, kFeatures>;

/// Training data of a fit: one row, group and outcome per example.
struct LogisticExamples {
  std::vector<FeatureRow> rows;
  std::vector<size_t> groups;  // below group_count
  std::vector<bool> outcomes;
  size_t group_count = 1;
};

/// P(true) = logistic(bias + weights * features + offset of the group).
struct LogisticFit {
  FeatureRow weights{};
  double bias = 0.0;
  std::vector<double> offsets;  // [group_count]

  double probability(const FeatureRow& row, size_t group) const;
};

/// Logistic regression by Newton's method on standardized features, with a ridge of 0.001 per example.
/// Constant features are dropped; then the feature with the most negative weight is dropped and the rest
/// refitted, until no weight is negative. Offsets are random intercepts, pulled towards 0 by a normal prior
/// of variance 1/2, so that small groups get small ones (Gelman and Hill 2007, section 14.2). `examples` must
/// not be empty.
LogisticFit fit_logistic(const LogisticExamples& examples);

}  // namespace kiloword
