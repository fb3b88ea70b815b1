#pragma once

#include <cmath>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "kiloword/index/index_writer.h"

namespace kiloword::testing {

inline std::vector<float> unit_vector(std::mt19937& random, size_t dim) {
  std::normal_distribution<float> normal;
  std::vector<float> values(dim);
  double squares = 0;
  for (float& value : values) {
    value = normal(random);
    squares += static_cast<double>(value) * static_cast<double>(value);
  }
  const auto length = static_cast<float>(std::sqrt(squares));
  for (float& value : values) value /= length;
  return values;
}

inline IndexKey test_key(size_t dim = 24) {
  return {"model", "fingerprint", "reduced", "", dim};
}

inline IndexedImage numbered_image(size_t number) {
  return {"a/" + std::to_string(number) + ".jpg", {number, 5}, {number, number}};
}

/// Adds images `begin` to `end` - 1 with vectors that depend on their numbers alone.
inline void add_images(IndexWriter& writer, size_t begin, size_t end, size_t dim = 24) {
  for (size_t i = begin; i < end; ++i) {
    std::mt19937 random(static_cast<unsigned>(i));
    writer.add(numbered_image(i), unit_vector(random, dim).data());
  }
}

}  // namespace kiloword::testing
