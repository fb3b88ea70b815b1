#pragma once

#include <string>

#include "kiloword/model/embeddings.h"

namespace kiloword::bench {

/// How well rows that were computed in one way agree with the same rows computed in another.
struct Agreement {
  double smallest_cosine = -1;  ///< of a row with the same row of the reference; -1 where any is not finite
  double largest_other = -1;    ///< cosine of two different rows of the reference; -1 for one row
  int64_t mistaken = 0;         ///< rows that are nearer to another row of the reference than to their own

  /// Whether the rows agree, and the reference's rows differ enough for that to mean something.
  bool holds(double cosine) const {
    return smallest_cosine >= cosine && largest_other < cosine && mistaken == 0;
  }
  /// "smallest cosine 0.99999982, of different rows up to 0.612"
  std::string text() const;
};

/// `rows` and `reference` have the same shape [N, D]; other shapes agree in nothing. Rows of length 0 are not
/// finite. Rows of the reference that are equal but for the
/// last digits came of equal inputs, and are not told apart.
Agreement compare(const Embeddings& rows, const Embeddings& reference);

}  // namespace kiloword::bench
