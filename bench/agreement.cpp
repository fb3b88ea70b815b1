#include "agreement.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace kiloword::bench {
namespace {

constexpr double kSameInput = 1 - 1e-7;  // of rows that differ only by how they were computed

double cosine(const float* a, const float* b, int64_t dim) {
  double product = 0;
  double a_square = 0;
  double b_square = 0;
  for (int64_t i = 0; i < dim; ++i) {
    product += double{a[i]} * b[i];
    a_square += double{a[i]} * a[i];
    b_square += double{b[i]} * b[i];
  }
  return product / std::sqrt(a_square * b_square);
}

}  // namespace

std::string Agreement::text() const {
  char line[128];
  std::snprintf(line, sizeof line, "smallest cosine %.8f, of different rows up to %.3f", smallest_cosine,
                largest_other);
  return line + (mistaken > 0 ? ", " + std::to_string(mistaken) + " rows mistaken" : std::string());
}

Agreement compare(const Embeddings& rows, const Embeddings& reference) {
  Agreement agreement;
  if (rows.rows != reference.rows || rows.dim != reference.dim || rows.rows == 0) return agreement;
  double smallest = 1;
  for (int64_t i = 0; i < rows.rows; ++i) {
    const double own = cosine(rows.row(i), reference.row(i), rows.dim);
    if (!std::isfinite(own)) return {};
    smallest = std::min(smallest, own);
    bool is_mistaken = false;
    for (int64_t j = 0; j < rows.rows; ++j) {
      const double other = cosine(reference.row(i), reference.row(j), rows.dim);
      if (other >= kSameInput) continue;
      agreement.largest_other = std::max(agreement.largest_other, other);
      is_mistaken = is_mistaken || cosine(rows.row(i), reference.row(j), rows.dim) >= own;
    }
    agreement.mistaken += is_mistaken ? 1 : 0;
  }
  agreement.smallest_cosine = smallest;
  return agreement;
}

}  // namespace kiloword::bench
