#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "kiloword/index/image_index.h"

namespace kiloword {

/// A row of an index and its cosine with the query.
struct Match {
  size_t row = 0;
  float cosine = 0;
};

struct NearestOptions {
  size_t top = 10;
  float min_cosine = -2;
  int threads = 0;  ///< 0: all cores
  /// Which rows to search; empty: all. Called from several threads.
  std::function<bool(size_t row)> accepts = nullptr;
};

/// The live rows with the highest cosines, best first, ties by path. The search is exact for the 16-bit
/// floats: it scans all 8-bit codes, then computes exact cosines of all rows that may be among the best by
/// the error bounds of their codes. `query` [dim] must have unit length. Throws Error(kModel) if the index is
/// corrupt.
std::vector<Match> nearest(const ImageIndex& index, const float* query, const NearestOptions& options);

/// Near-duplicates: images that each have a cosine of at least `min_cosine` with another one of the group.
struct DuplicateGroup {
  std::vector<size_t> rows;  ///< by path
  float least_cosine = 1;    ///< lowest cosine of the pairs that connect the group
};

/// The groups of near-duplicates, ordered by first path. Compares all pairs of images accepted by `options`;
/// `progress` receives the number of rows done.
std::vector<DuplicateGroup> duplicates(const ImageIndex& index, const NearestOptions& options,
                                       const std::function<void(size_t done)>& progress);

}  // namespace kiloword
