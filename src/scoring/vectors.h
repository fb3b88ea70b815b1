#pragma once

#include <cstdint>
#include <vector>

#include "kiloword/model/embeddings.h"

namespace kiloword {

/// An embedding in double precision; all vectors of one computation have the same length.
using Vector = std::vector<double>;

/// Norms below this count as zero.
constexpr double kTiny = 1e-12;

double dot(const Vector& a, const Vector& b);
/// a + factor * b
Vector plus(Vector a, double factor, const Vector& b);
Vector scaled(Vector a, double factor);
/// `a` scaled to length 1; zero stays zero.
Vector unit(Vector a);
/// `rows` must not be empty.
Vector mean_of(const std::vector<Vector>& rows);
std::vector<Vector> in_double(const std::vector<std::vector<float>>& rows);
Vector row_of(const Embeddings& rows, int64_t row);

}  // namespace kiloword
