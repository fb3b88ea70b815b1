#include "labels/logistic_fit.h"

#include <algorithm>
#include <cmath>

#include "labels/logit.h"

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

/// The weights of standardized features `rows` [n, features + 1], those not in `used` held at 0.
Vector newton(const std::vector<Vector>& rows, const std::vector<bool>& outcomes,
              const std::array<bool, kUnknowns>& used) {
  constexpr int kMaxSteps = 50;
  constexpr double kRidge = 1e-3;
  constexpr double kBiasRidge = 1e-6;  // keeps it finite where all outcomes are alike
  const auto count = static_cast<double>(rows.size());
  Vector weights{};
  for (int step = 0; step < kMaxSteps; ++step) {
    Vector gradient{};
    Matrix hessian{};
    for (size_t i = 0; i < kUnknowns; ++i) {
      const double ridge = (i == kFeatures ? kBiasRidge : kRidge) * count;
      gradient[i] = ridge * weights[i];
      hessian[i][i] = used[i] ? ridge : 1.0;
    }
    for (size_t n = 0; n < rows.size(); ++n) {
      double sum = 0.0;
      for (size_t i = 0; i < kUnknowns; ++i) sum += weights[i] * rows[n][i];
      const double p = logistic(sum);
      for (size_t i = 0; i < kUnknowns; ++i) {
        gradient[i] += (p - (outcomes[n] ? 1.0 : 0.0)) * rows[n][i];
        for (size_t j = 0; j < kUnknowns; ++j) {
          if (used[i] && used[j]) hessian[i][j] += p * (1 - p) * rows[n][i] * rows[n][j];
        }
      }
    }
    for (size_t i = 0; i < kUnknowns; ++i) {
      if (!used[i]) gradient[i] = 0.0;
    }
    const Vector change = solve(hessian, gradient);
    double largest = 0.0;
    for (size_t i = 0; i < kUnknowns; ++i) {
      weights[i] -= change[i];
      largest = std::max(largest, std::abs(change[i]));
    }
    if (largest < 1e-10) break;
  }
  return weights;
}

}  // namespace

LogisticFit fit_logistic(const std::vector<FeatureRow>& rows, const std::vector<bool>& outcomes) {
  constexpr double kLeastDeviation = 1e-9;
  const Standard standard = standard_of(rows);
  std::array<bool, kUnknowns> used{};
  used[kFeatures] = true;
  for (size_t i = 0; i < kFeatures; ++i) used[i] = standard.deviation[i] > kLeastDeviation;
  std::vector<Vector> scaled;
  scaled.reserve(rows.size());
  for (const FeatureRow& row : rows) {
    Vector vector{};
    vector[kFeatures] = 1.0;
    for (size_t i = 0; i < kFeatures; ++i) {
      if (used[i]) vector[i] = (row[i] - standard.mean[i]) / standard.deviation[i];
    }
    scaled.push_back(vector);
  }
  for (;;) {
    const Vector weights = newton(scaled, outcomes, used);
    const auto lowest = std::min_element(weights.begin(), weights.end() - 1);
    if (*lowest < 0) {
      used[static_cast<size_t>(lowest - weights.begin())] = false;
      continue;
    }
    LogisticFit fit;
    fit.bias = weights[kFeatures];
    for (size_t i = 0; i < kFeatures; ++i) {
      if (!used[i]) continue;
      fit.weights[i] = weights[i] / standard.deviation[i];
      fit.bias -= fit.weights[i] * standard.mean[i];
    }
    return fit;
  }
}

}  // namespace kiloword
