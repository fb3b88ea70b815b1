#pragma once

#include <cstdint>
#include <vector>

namespace kiloword {

/// `rows` embeddings of `dim` values, row by row, each row of unit length.
struct Embeddings {
  int64_t rows = 0;
  int64_t dim = 0;
  std::vector<float> values;  // [rows, dim]
  int64_t word_count = 0;
  /// For images, [rows, word_count]: the probability, 0..1, that people use each of
  /// ImageTextEncoder::words().
  std::vector<float> words = {};
  int64_t finding_count = 0;
  /// For images, [rows, finding_count]: the input of a DescriptionModel; empty without one.
  std::vector<float> findings = {};

  const float* row(int64_t index) const { return values.data() + index * dim; }
};

}  // namespace kiloword
