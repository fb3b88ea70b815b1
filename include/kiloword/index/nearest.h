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
  /// Which rows are looked at; empty: all. Called from several threads.
  std::function<bool(size_t row)> accepts = nullptr;
};

/// The live rows with the highest cosines, best first, equal ones by path: exactly those that the 16-bit
/// floats give. All 8-bit codes are scanned; whatever may be among the best by the bound of its code is
/// computed again from its 16-bit floats. `query` [dim] is of unit length. Throws Error(kModel) where the
/// index is damaged.
std::vector<Match> nearest(const ImageIndex& index, const float* query, const NearestOptions& options);

/// Images that are nearly the same, each with at least one other of the group at `min_cosine` or above.
struct DuplicateGroup {
  std::vector<size_t> rows;  ///< by path
  float least_cosine = 1;    ///< of the pairs that tie the group together
};

/// The groups, by their first paths. Compares every image with every other. `accepts`: see NearestOptions;
/// `progress` receives the number of rows done.
std::vector<DuplicateGroup> duplicates(const ImageIndex& index, const NearestOptions& options,
                                       const std::function<void(size_t done)>& progress);

}  // namespace kiloword
