#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/batch/batch_input.h"
#include "kiloword/batch/shard.h"

namespace kiloword {

/// Location and identity of a row in a file. Kept small: there are millions.
struct RowPlace {
  uint64_t offset = 0;       ///< of its first byte
  uint32_t length = 0;       ///< bytes, without the end of line
  bool failed = false;       ///< an error row
  bool marked = false;       ///< it has a shard mark
  bool own = true;           ///< of the requested shard: by its mark, else by its path
  bool by_input = false;     ///< of a shard by input
  uint64_t index = 0;        ///< of its input in the listing, or in the shard's listing for a shard by input
  uint64_t listed_file = 0;  ///< for a shard by input: index of its file in the listing
  uint64_t path_hash = 0;
  uint64_t identity = 0;  ///< hash of path, stamp and run; equal: the row is up to date
};

/// The rows in a part of a file.
struct RowScan {
  std::vector<RowPlace> rows;  ///< in file order
  uint64_t end = 0;            ///< end of the last complete line; the rest is incomplete
  uint64_t broken_lines = 0;   ///< complete lines that are not rows of a batch
  std::optional<Shard> other;  ///< the shard of the first marked row that is not own
};

/// Reads the rows in the open file `fd` from offset `begin` on. Errors name `name`; `shard` decides which
/// rows are own. Throws Error(kOutput).
RowScan scan_rows(int fd, uint64_t begin, const std::string& name, const Shard& shard = Shard());

/// RowPlace::path_hash of a row with `path`.
uint64_t row_path_hash(const std::string& path);
/// RowPlace::identity of the row for `input` in the run `run`.
uint64_t row_identity(const BatchInput& input, const std::string& run);

/// `row` without its shard mark and file number.
std::string without_shard(std::string_view row);
/// `row` with its index set to `index`.
std::string with_index(std::string_view row, uint64_t index);
/// `row`, of a shard by input, with the number of its file set to `listed_file`.
std::string with_listed_file(std::string_view row, uint64_t listed_file);

}  // namespace kiloword
