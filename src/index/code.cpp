#include "index/code.h"

#include <algorithm>
#include <cmath>

#include "index/half.h"

namespace kiloword {
namespace {

constexpr float kMaxCode = 127;

/// The largest level of a query at which no sum of products overflows 32 bits.
float max_query_level(size_t dim) {
  const double levels =
      2147483647.0 / (static_cast<double>(kMaxCode) * static_cast<double>(std::max<size_t>(dim, 1)));
  return static_cast<float>(std::min(32767.0, std::floor(levels)));
}

float largest(const std::vector<float>& values) {
  float most = 0;
  for (const float value : values) most = std::max(most, std::abs(value));
  return most;
}

/// Writes the levels of `values`, at most `most_level` off 0, to `code`, of their size. All are 0 where the
/// values are.
template <typename Level>
CodeScale quantize(const std::vector<float>& values, float most_level, Level* code) {
  CodeScale of;
  of.scale = largest(values) / most_level;
  if (of.scale == 0) {
    std::fill(code, code + values.size(), Level{0});
    return of;
  }
  double squares = 0;
  for (size_t d = 0; d < values.size(); ++d) {
    const float level = std::clamp(std::nearbyint(values[d] / of.scale), -most_level, most_level);
    code[d] = static_cast<Level>(level);
    const double rest =
        static_cast<double>(values[d]) - static_cast<double>(of.scale) * static_cast<double>(level);
    squares += rest * rest;
  }
  of.error = static_cast<float>(std::sqrt(squares) * (1 + 1e-6));
  return of;
}

}  // namespace

CodeScale encode_row(const uint16_t* halves, size_t dim, int8_t* code) {
  std::vector<float> values(dim);
  for (size_t d = 0; d < dim; ++d) values[d] = half_value(halves[d]);
  return quantize(values, kMaxCode, code);
}

CodedQuery::CodedQuery(const float* query, size_t dim)
    : codes(dim), code(quantize({query, query + dim}, max_query_level(dim), codes.data())) {}

float exact_cosine(const float* query, const uint16_t* halves, size_t dim) {
  double sum = 0;
  for (size_t d = 0; d < dim; ++d)
    sum += static_cast<double>(query[d]) * static_cast<double>(half_value(halves[d]));
  return static_cast<float>(sum);
}

}  // namespace kiloword
