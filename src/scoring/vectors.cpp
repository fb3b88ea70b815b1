#include "scoring/vectors.h"

#include <cmath>
#include <utility>

namespace kiloword {

double dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

Vector plus(Vector a, double factor, const Vector& b) {
  for (size_t i = 0; i < a.size(); ++i) a[i] += factor * b[i];
  return a;
}

Vector scaled(Vector a, double factor) {
  for (double& value : a) value *= factor;
  return a;
}

Vector unit(Vector a) {
  const double length = std::sqrt(dot(a, a));
  return length < kTiny ? a : scaled(std::move(a), 1 / length);
}

Vector mean_of(const std::vector<Vector>& rows) {
  Vector mean(rows.front().size());
  for (const Vector& row : rows) mean = plus(std::move(mean), 1.0 / static_cast<double>(rows.size()), row);
  return mean;
}

std::vector<Vector> in_double(const std::vector<std::vector<float>>& rows) {
  std::vector<Vector> result;
  result.reserve(rows.size());
  for (const std::vector<float>& row : rows) result.emplace_back(row.begin(), row.end());
  return result;
}

Vector row_of(const Embeddings& rows, int64_t row) {
  return {rows.row(row), rows.row(row) + rows.dim};
}

}  // namespace kiloword
