#pragma once

#include <cstdint>
#include <vector>

namespace kiloword {

/// `rows` embeddings of `dim` values, row by row, each row of unit length.
struct Embeddings {
  int64_t rows = 0;
  int64_t dim = 0;
  std::vector<float> values;  // [rows, dim]

  const float* row(int64_t index) const { return values.data() + index * dim; }
};

}  // namespace kiloword
