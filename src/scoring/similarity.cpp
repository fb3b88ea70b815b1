#include "kiloword/scoring/similarity.h"

#include <array>
#include <cmath>
#include <cstddef>

namespace kiloword {
namespace {

/// Sixteen partial sums let the compiler use whole vector registers without reordering anything itself.
float dot(const float* a, const float* b, int64_t dim) {
  constexpr int64_t kLanes = 16;
  std::array<float, kLanes> sums{};
  int64_t i = 0;
  for (; i + kLanes <= dim; i += kLanes) {
    for (int64_t lane = 0; lane < kLanes; ++lane)
      sums[static_cast<size_t>(lane)] += a[i + lane] * b[i + lane];
  }
  float total = 0;
  for (const float sum : sums) total += sum;
  for (; i < dim; ++i) total += a[i] * b[i];
  return total;
}

}  // namespace

std::vector<float> cosines(const float* query, const Embeddings& embeddings) {
  std::vector<float> result(static_cast<size_t>(embeddings.rows));
  for (int64_t row = 0; row < embeddings.rows; ++row) {
    result[static_cast<size_t>(row)] = dot(query, embeddings.row(row), embeddings.dim);
  }
  return result;
}

void normalize_in_place(float* vector, int64_t dim) {
  double squares = 0;
  for (int64_t i = 0; i < dim; ++i) squares += static_cast<double>(vector[i]) * vector[i];
  if (squares == 0) return;
  const double scale = 1 / std::sqrt(squares);
  for (int64_t i = 0; i < dim; ++i) vector[i] = static_cast<float>(vector[i] * scale);
}

}  // namespace kiloword
