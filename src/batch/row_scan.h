#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/batch/batch_input.h"
#include "kiloword/batch/shard.h"

namespace kiloword {

/// Where a row stands in a file, and what it is known by. Small: there are millions.
struct RowPlace {
  uint64_t offset = 0;       ///< of its first byte
  uint32_t length = 0;       ///< bytes, the end of line left aside
  bool failed = false;       ///< an error row
  bool marked = false;       ///< it states the shard that it is of
  bool own = true;           ///< of the shard that was asked about: by its mark, else by its path
  bool by_input = false;     ///< of a shard by input
  uint64_t index = 0;        ///< of its input in the listing; of a shard by input, in that of the shard
  uint64_t listed_file = 0;  ///< of a shard by input: of its file in the listing
  uint64_t path_hash = 0;
  uint64_t identity = 0;  ///< hash of path, stamp and run: equal for a row that need not be made again
};

/// The rows in a part of a file.
struct RowScan {
  std::vector<RowPlace> rows;  ///< in the order of the file
  uint64_t end = 0;            ///< behind the last whole line; what follows is torn
  uint64_t broken_lines = 0;   ///< whole lines that are no rows of a batch
  std::optional<Shard> other;  ///< the shard of the first marked row that is not own
};

/// Reads the rows in the open file `fd` from `begin` on. `name` is shown in errors; `shard` decides which
/// rows are own. Throws Error(kOutput).
RowScan scan_rows(int fd, uint64_t begin, const std::string& name, const Shard& shard = Shard());

/// The hash that scan_rows gives for the path of a row.
uint64_t row_path_hash(const std::string& path);
/// The identity that scan_rows gives for the row of `input` in the run `run`.
uint64_t row_identity(const BatchInput& input, const std::string& run);

/// `row` without the mark of its shard, and without the number of its file.
std::string without_shard(std::string_view row);
/// `row` with its index set to `index`.
std::string with_index(std::string_view row, uint64_t index);
/// `row`, of a shard by input, with the number of its file set to `listed_file`.
std::string with_listed_file(std::string_view row, uint64_t listed_file);

}  // namespace kiloword
