#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace kiloword {

/// How coarse the 8-bit code of an embedding is.
struct CodeScale {
  float scale = 0;  ///< an embedding is about its code times this
  float error = 0;  ///< length of the difference between the two, rounded up

  bool operator==(const CodeScale& other) const { return scale == other.scale && error == other.error; }
};

/// Writes the code of the embedding whose 16-bit floats are `halves` [dim] to `code` [dim]. The same on every
/// machine.
CodeScale encode_row(const uint16_t* halves, size_t dim, int8_t* code);

/// A query as the scan of codes takes it.
struct CodedQuery {
  /// `query` [dim] is of unit length.
  CodedQuery(const float* query, size_t dim);

  std::vector<int16_t> codes;  // [dim]
  CodeScale code;

  /// About the cosine of the query with the embedding whose code gave `dot`.
  float cosine(int32_t dot, const CodeScale& of) const {
    return code.scale * of.scale * static_cast<float>(dot);
  }
  /// How far cosine() is from the exact one at most (Cauchy-Schwarz).
  float bound(const CodeScale& of) const { return of.error + code.error * (kLongest + of.error) + kRounding; }

 private:
  static constexpr float kLongest = 1.001F;  ///< length of a stored embedding at most
  static constexpr float kRounding = 1e-5F;  ///< of sums in floats
};

/// The exact cosine of the unit vector `query` [dim] with an embedding of 16-bit floats.
float exact_cosine(const float* query, const uint16_t* halves, size_t dim);

}  // namespace kiloword
