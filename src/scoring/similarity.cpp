#include "kiloword/scoring/similarity.h"

#include <array>
#include <cmath>
#include <cstddef>

#include "kiloword/base/vector_clones.h"

namespace kiloword {
namespace {

/// Sixteen partial sums let the compiler use whole vector registers without reordering anything itself: the
/// result is the same on every processor (this file is compiled without fused multiply-add).
inline __attribute__((always_inline)) float dot(const float* a, const float* b, int64_t dim) {
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

/// out[query] for one row.
KILOWORD_CLONES void dots(const float* queries, int64_t count, const float* row, int64_t dim, float* out) {
  for (int64_t query = 0; query < count; ++query) out[query] = dot(queries + query * dim, row, dim);
}

}  // namespace

std::vector<std::vector<float>> cosines(const Embeddings& queries, const Embeddings& embeddings) {
  std::vector<std::vector<float>> result(static_cast<size_t>(queries.rows));
  for (std::vector<float>& of_query : result) of_query.resize(static_cast<size_t>(embeddings.rows));
  std::vector<float> column(result.size());
  for (int64_t row = 0; row < embeddings.rows; ++row) {
    dots(queries.values.data(), queries.rows, embeddings.row(row), embeddings.dim, column.data());
    for (size_t query = 0; query < result.size(); ++query)
      result[query][static_cast<size_t>(row)] = column[query];
  }
  return result;
}

std::vector<float> cosines(const float* query, const Embeddings& embeddings) {
  const Embeddings one{1, embeddings.dim, std::vector<float>(query, query + embeddings.dim)};
  return cosines(one, embeddings).front();
}

void normalize_in_place(float* vector, int64_t dim) {
  double squares = 0;
  for (int64_t i = 0; i < dim; ++i) squares += static_cast<double>(vector[i]) * vector[i];
  if (squares == 0) return;
  const double scale = 1 / std::sqrt(squares);
  for (int64_t i = 0; i < dim; ++i) vector[i] = static_cast<float>(vector[i] * scale);
}

}  // namespace kiloword
