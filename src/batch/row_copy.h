#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "batch/row_scan.h"

namespace kiloword {

/// A row that is to be written, and where it comes from.
struct RowMove {
  size_t file = 0;  ///< number of the file that it is in
  RowPlace place;
  uint64_t index = 0;        ///< what its index is to be
  bool whole = false;        ///< it becomes a row of the whole: without the mark of its shard
  uint64_t listed_file = 0;  ///< of a row that stays one of a shard by input: what its file is to be
};

/// Hands the rows to `write`, many at once, in the order of `moves`. `open` gives the descriptor of a file,
/// which need not stay open until the next one. `name` is shown in errors. Throws Error(kOutput) when a row
/// cannot be read.
void copy_rows(const std::vector<RowMove>& moves, const std::function<int(size_t file)>& open,
               const std::string& name, const std::function<void(std::string_view)>& write);

}  // namespace kiloword
