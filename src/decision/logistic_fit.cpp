#include "decision/logistic_fit.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "decision/logit.h"

namespace kiloword {
namespace {

constexpr size_t kUnknowns = kFeatures + 1;  // the last one is the bias
using Vector = std::array<double, kUnknowns>;
using Matrix = std::array<Vector, kUnknowns>;

/// Solves a * x = b for a symmetric positive definite `a`, by elimination.
Vector solve(Matrix a, Vector b) {
  for (size_t pivot = 0; pivot < kUnknowns; ++pivot) {
    for (size_t row = pivot + 1; row < kUnknowns; ++row) {
      const double factor = a[row][pivot] / a[pivot][pivot];
      for (size_t column = pivot; column < kUnknowns; ++column) a[row][column] -= factor * a[pivot][column];
      b[row] -= factor * b[pivot];
    }
  }
  for (size_t row = kUnknowns; row-- > 0;) {
    for (size_t column = row + 1; column < kUnknowns; ++column) b[row] -= a[row][column] * b[column];
    b[row] /= a[row][row];
  }
  return b;
}

/// Where the features lie and how far they spread.
struct Standard {
  FeatureRow mean{};
  FeatureRow deviation{};
};

Standard standard_of(const std::vector<FeatureRow>& rows) {
  Standard standard;
  const auto count = static_cast<double>(rows.size());
  for (size_t i = 0; i < kFeatures; ++i) {
    for (const FeatureRow& row : rows) standard.mean[i] += row[i] / count;
    double variance = 0.0;
    for (const FeatureRow& row : rows) variance += std::pow(row[i] - standard.mean[i], 2) / count;
    standard.deviation[i] = std::sqrt(variance);
  }
  return standard;
}

/// Examples with standardized features, the last of which is 1; those not in `used` are held at weight 0.
struct Problem {
  std::vector<Vector> rows;
  const LogisticExamples& examples;
  std::array<bool, kUnknowns> used{};
};

struct Solution {
  Vector weights{};
  std::vector<double> offsets;
};

/// Gradient and Hessian of the penalised log-loss. Offsets of different groups do not meet in the Hessian, so
/// that of it only a small block, the offsets' diagonal, and how each meets the weights are kept.
struct Derivatives {
  explicit Derivatives(size_t groups) : of_offsets(groups), diagonal(groups), mixed(groups) {}

  Vector of_weights{};
  Matrix block{};
  std::vector<double> of_offsets;
  std::vector<double> diagonal;
  std::vector<Vector> mixed;
};

double sum_of(const Vector& weights, const Vector& row) {
  double sum = 0.0;
  for (size_t i = 0; i < kUnknowns; ++i) sum += weights[i] * row[i];
  return sum;
}

Derivatives derivatives(const Problem& problem, const Solution& at) {
  constexpr double kRidge = 1e-3;
  constexpr double kBiasRidge = 1e-6;   // keeps it finite where all outcomes are alike
  constexpr double kOffsetRidge = 2.0;  // 1 / variance of the prior
  const auto count = static_cast<double>(problem.rows.size());
  Derivatives result(at.offsets.size());
  for (size_t i = 0; i < kUnknowns; ++i) {
    const double ridge = (i == kFeatures ? kBiasRidge : kRidge) * count;
    result.of_weights[i] = ridge * at.weights[i];
    result.block[i][i] = problem.used[i] ? ridge : 1.0;
  }
  for (size_t group = 0; group < at.offsets.size(); ++group) {
    result.of_offsets[group] = kOffsetRidge * at.offsets[group];
    result.diagonal[group] = kOffsetRidge;
  }
  for (size_t n = 0; n < problem.rows.size(); ++n) {
    const Vector& row = problem.rows[n];
    const size_t group = problem.examples.groups[n];
    const double p = logistic(sum_of(at.weights, row) + at.offsets[group]);
    const double error = p - (problem.examples.outcomes[n] ? 1.0 : 0.0);
    const double curvature = p * (1 - p);
    result.of_offsets[group] += error;
    result.diagonal[group] += curvature;
    for (size_t i = 0; i < kUnknowns; ++i) {
      if (!problem.used[i]) continue;
      result.of_weights[i] += error * row[i];
      result.mixed[group][i] += curvature * row[i];
      for (size_t j = 0; j < kUnknowns; ++j) {
        if (problem.used[j]) result.block[i][j] += curvature * row[i] * row[j];
      }
    }
  }
  return result;
}

/// One step of Newton's method, the offsets eliminated first; returns the largest change.
double step(const Derivatives& by, Solution& solution) {
  Vector gradient = by.of_weights;
  Matrix block = by.block;
  for (size_t group = 0; group < solution.offsets.size(); ++group) {
    for (size_t i = 0; i < kUnknowns; ++i) {
      gradient[i] -= by.mixed[group][i] * by.of_offsets[group] / by.diagonal[group];
      for (size_t j = 0; j < kUnknowns; ++j)
        block[i][j] -= by.mixed[group][i] * by.mixed[group][j] / by.diagonal[group];
    }
  }
  const Vector change = solve(block, gradient);
  double largest = 0.0;
  for (size_t i = 0; i < kUnknowns; ++i) {
    solution.weights[i] -= change[i];
    largest = std::max(largest, std::abs(change[i]));
  }
  for (size_t group = 0; group < solution.offsets.size(); ++group) {
    const double of_group = (by.of_offsets[group] - sum_of(by.mixed[group], change)) / by.diagonal[group];
    solution.offsets[group] -= of_group;
    largest = std::max(largest, std::abs(of_group));
  }
  return largest;
}

Solution solved(const Problem& problem) {
  constexpr int kMaxSteps = 50;
  constexpr double kAccuracy = 1e-10;
  Solution solution;
  solution.offsets.resize(problem.examples.group_count);
  for (int i = 0; i < kMaxSteps && step(derivatives(problem, solution), solution) > kAccuracy; ++i) {
  }
  return solution;
}

}  // namespace

double LogisticFit::probability(const FeatureRow& row, size_t group) const {
  double sum = bias + offsets.at(group);
  for (size_t i = 0; i < kFeatures; ++i) sum += weights[i] * row[i];
  return logistic(sum);
}

LogisticFit fit_logistic(const LogisticExamples& examples) {
  constexpr double kLeastDeviation = 1e-9;
  const Standard standard = standard_of(examples.rows);
  Problem problem{{}, examples, {}};
  problem.used[kFeatures] = true;
  for (size_t i = 0; i < kFeatures; ++i) problem.used[i] = standard.deviation[i] > kLeastDeviation;
  problem.rows.reserve(examples.rows.size());
  for (const FeatureRow& row : examples.rows) {
    Vector vector{};
    vector[kFeatures] = 1.0;
    for (size_t i = 0; i < kFeatures; ++i) {
      if (problem.used[i]) vector[i] = (row[i] - standard.mean[i]) / standard.deviation[i];
    }
    problem.rows.push_back(vector);
  }
  for (;;) {
    Solution solution = solved(problem);
    const Vector& weights = solution.weights;
    const auto lowest = std::min_element(weights.begin(), weights.end() - 1);
    if (*lowest < 0) {
      problem.used[static_cast<size_t>(lowest - weights.begin())] = false;
      continue;
    }
    LogisticFit fit;
    fit.offsets = std::move(solution.offsets);
    fit.bias = weights[kFeatures];
    for (size_t i = 0; i < kFeatures; ++i) {
      if (!problem.used[i]) continue;
      fit.weights[i] = weights[i] / standard.deviation[i];
      fit.bias -= fit.weights[i] * standard.mean[i];
    }
    return fit;
  }
}

}  // namespace kiloword
