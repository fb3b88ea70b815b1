#include "scoring/discriminant.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace kiloword {
namespace {

/// Of the mean variance of the pictures; weighs against what few pictures say about a covariance.
constexpr double kRidge = 3.0;
/// Examples of other labels that count as much as the whole background.
constexpr double kOthersPrior = 100.0;

}  // namespace

PictureSpread::PictureSpread(const std::vector<Vector>& background, const std::vector<Vector>& others)
    : mean_(background.front().size()) {
  const auto count = static_cast<double>(others.size());
  const double share = count / (count + kOthersPrior);
  add(background, 1 - share);
  add(others, share);
  for (size_t i = 0; i < rows_.size(); ++i) mean_ = plus(std::move(mean_), weights_[i], rows_[i]);
  double variance = 0;
  for (size_t i = 0; i < rows_.size(); ++i) {
    rows_[i] = plus(std::move(rows_[i]), -1, mean_);
    variance += weights_[i] * dot(rows_[i], rows_[i]);
  }
  ridge_ = std::max(kTiny, kRidge * variance / static_cast<double>(mean_.size()));
}

void PictureSpread::add(const std::vector<Vector>& pictures, double share) {
  rows_.insert(rows_.end(), pictures.begin(), pictures.end());
  weights_.resize(rows_.size(), share / static_cast<double>(std::max<size_t>(1, pictures.size())));
}

double PictureSpread::deviation(const Vector& v) const {
  double squares = 0;
  for (size_t i = 0; i < rows_.size(); ++i) squares += weights_[i] * std::pow(dot(rows_[i], v), 2);
  return std::sqrt(squares);
}

Vector PictureSpread::covariance_product(const Vector& v) const {
  Vector sum = scaled(v, ridge_);
  for (size_t i = 0; i < rows_.size(); ++i)
    sum = plus(std::move(sum), weights_[i] * dot(rows_[i], v), rows_[i]);
  return sum;
}

// By conjugate gradients: the ridge keeps the condition small, so that few steps do, and no matrix of D x D
// is kept.
Vector PictureSpread::whitened(const Vector& v) const {
  constexpr int kMaxSteps = 200;
  constexpr double kAccuracy = 1e-12;
  Vector solution(v.size());
  Vector residual = v;
  Vector direction = v;
  double squares = dot(residual, residual);
  const double enough = kAccuracy * squares;
  for (int step = 0; step < kMaxSteps && squares > enough; ++step) {
    const Vector product = covariance_product(direction);
    const double length = squares / dot(direction, product);
    solution = plus(std::move(solution), length, direction);
    residual = plus(std::move(residual), -length, product);
    const double next = dot(residual, residual);
    direction = plus(residual, next / squares, direction);
    squares = next;
  }
  return solution;
}

}  // namespace kiloword
