#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace kiloword {

constexpr size_t kFeatures = 3;
using FeatureRow = std::array<double, kFeatures>;

/// What a fit learns from: one row, group and outcome for each example.
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

/// Logistic regression by Newton's method on standardized features, with a ridge of a thousandth per example;
/// the feature with the most negative weight is left out and the rest fitted again until none is negative. A
/// feature that does not vary is left out. Offsets are random intercepts: drawn towards 0 by a normal prior
/// of variance 1/2, so that a group of few examples has a small one (Gelman and Hill 2007, section 14.2).
/// `examples` has at least one.
LogisticFit fit_logistic(const LogisticExamples& examples);

}  // namespace kiloword
