#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "batch/row_scan.h"

namespace kiloword {

/// A row to copy, and its source.
struct RowMove {
  size_t file = 0;  ///< index of the source file
  RowPlace place;
  uint64_t index = 0;        ///< new index
  bool whole = false;        ///< becomes a row of the whole batch, without the mark of its shard
  uint64_t listed_file = 0;  ///< for a row that stays in a shard by input: new number of its file
};

/// Passes the rows to `write` in large pieces, in the order of `moves`. `open` returns the descriptor of a
/// file, which need not stay open after the next call. Errors name `name`. Throws Error(kOutput) if a row
/// cannot be read.
void copy_rows(const std::vector<RowMove>& moves, const std::function<int(size_t file)>& open,
               const std::string& name, const std::function<void(std::string_view)>& write);

}  // namespace kiloword
