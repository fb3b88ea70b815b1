// Outputs of batch that a run resumes or merges: whatever a file holds, rows lie in it one after the other,
// and keep what they are known by when they are written anew.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "batch/row_scan.h"
#include "fuzz/memory_file.h"
#include "kiloword/base/error.h"

namespace {

constexpr kiloword::Shard kShard{2, 3};

void require(bool condition) {
  if (!condition) std::abort();
}

kiloword::RowScan scan(std::string_view content) {
  const kiloword::fuzz::MemoryFile file(content);
  return kiloword::scan_rows(file.descriptor(), 0, "rows.jsonl", kShard);
}

kiloword::RowPlace only_row(const std::string& row) {
  const kiloword::RowScan found = scan(row + "\n");
  require(found.rows.size() == 1 && found.broken_lines == 0 && found.rows[0].length == row.size());
  return found.rows[0];
}

void check_rewriting(std::string_view line, const kiloword::RowPlace& place) {
  const kiloword::RowPlace moved = only_row(kiloword::with_index(line, place.index / 2));
  require(moved.index == place.index / 2 && moved.identity == place.identity);
  require(moved.path_hash == place.path_hash && moved.failed == place.failed);
  require(moved.marked == place.marked && moved.own == place.own);
  const kiloword::RowPlace bare = only_row(kiloword::without_shard(line));
  require(!bare.marked && bare.identity == place.identity && bare.index == place.index);
  require(!bare.by_input && bare.listed_file == 0);
  if (!place.by_input) return;
  const kiloword::RowPlace renumbered = only_row(kiloword::with_listed_file(line, place.listed_file / 2));
  require(renumbered.listed_file == place.listed_file / 2 && renumbered.index == place.index);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view content(reinterpret_cast<const char*>(data), size);
  const kiloword::RowScan found = scan(content);
  const size_t last_end = content.rfind('\n');
  require(found.end == (last_end == std::string_view::npos ? 0 : last_end + 1));
  const auto lines = static_cast<uint64_t>(std::count(content.begin(), content.end(), '\n'));
  require(found.rows.size() + found.broken_lines == lines);
  uint64_t begin = 0;
  for (const kiloword::RowPlace& place : found.rows) {
    require(place.offset >= begin && content.substr(place.offset + place.length, 1) == "\n");
    require(place.offset == 0 || content[place.offset - 1] == '\n');
    require(!place.marked || place.own || found.other.has_value());
    check_rewriting(content.substr(place.offset, place.length), place);
    begin = place.offset + place.length + 1;
  }
  return 0;
}
