#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace kiloword {

/// The scale and error of an embedding's 8-bit code.
struct CodeScale {
  float scale = 0;  ///< embedding = code * scale, approximately
  float error = 0;  ///< norm of the difference, rounded up

  bool operator==(const CodeScale& other) const { return scale == other.scale && error == other.error; }
};

/// Writes the code of the embedding with the 16-bit floats `halves` [dim] to `code` [dim]. Identical on every
/// machine.
CodeScale encode_row(const uint16_t* halves, size_t dim, int8_t* code);

/// A query quantised for scanning codes.
struct CodedQuery {
  /// `query` [dim] is of unit length.
  CodedQuery(const float* query, size_t dim);

  std::vector<int16_t> codes;  // [dim]
  CodeScale code;

  /// The approximate cosine of the query with an embedding, from the dot product of their codes.
  float cosine(int32_t dot, const CodeScale& of) const {
    return code.scale * of.scale * static_cast<float>(dot);
  }
  /// An upper bound on the error of cosine() (Cauchy-Schwarz).
  float bound(const CodeScale& of) const { return of.error + code.error * (kLongest + of.error) + kRounding; }

 private:
  static constexpr float kLongest = 1.001F;  ///< maximum norm of a stored embedding
  static constexpr float kRounding = 1e-5F;  ///< of float sums
};

/// The exact cosine of the unit vector `query` [dim] with an embedding of 16-bit floats.
float exact_cosine(const float* query, const uint16_t* halves, size_t dim);

}  // namespace kiloword
