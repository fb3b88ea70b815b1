#include "kiloword/batch/finished_rows.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <utility>
#include <vector>

#include "batch/old_leftovers.h"
#include "batch/row_copy.h"
#include "batch/row_scan.h"
#include "kiloword/base/atomic_file.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"

namespace kiloword {
namespace {

/// What becomes of a row.
enum class Fate : uint8_t { kUnlisted, kKept, kMadeAgain, kForeign };

struct OldRow {
  RowPlace place;
  uint64_t new_index = 0;
  uint64_t new_listed_file = 0;
  Fate fate = Fate::kUnlisted;
};

/// An output of another program must not be cut off or rewritten.
void require_rows(const OutputFile& output, const RowScan& scan) {
  std::array<char, kRowBeginning.size()> beginning{};
  const ssize_t count = ::pread(output.descriptor(), beginning.data(), beginning.size(), 0);
  const std::string_view found(beginning.data(), static_cast<size_t>(std::max<ssize_t>(count, 0)));
  const bool ours = found == kRowBeginning.substr(0, found.size());
  if (!ours || (scan.rows.empty() && scan.broken_lines > 0)) {
    throw Error(ErrorKind::kUsage, "is not an output of kiloword batch", output.path(),
                "name the right file, or start over with --overwrite");
  }
}

/// Rows of other shards are dropped only where the output is known to be this shard's: it would be lost if it
/// is another one's, or the whole.
void require_shard(const OutputFile& output, const RowScan& scan, const Shard& shard) {
  bool is_ours = false;
  bool has_foreign = false;
  for (const RowPlace& place : scan.rows) {
    is_ours = is_ours || (place.own && (place.marked || shard.count == 1));
    has_foreign = has_foreign || !place.own;
  }
  if (is_ours || !has_foreign) return;
  throw Error(ErrorKind::kUsage,
              "holds shard " + scan.other.value_or(Shard()).text() + ", not " + shard.text(), output.path(),
              "resume it with its own --shard, or name another file");
}

}  // namespace

struct FinishedRows::State {
  std::vector<OldRow> rows;  // by path hash, then as they stand in the file
  uint64_t end = 0;          // of the old rows in the file
  uint64_t broken = 0;
  uint64_t listed = 0;        // one behind the largest index asked for
  uint64_t listed_files = 0;  // likewise of the files of a shard by input
};

FinishedRows::FinishedRows(OutputFile& output, std::string run, bool retry_errors, const Shard& shard)
    : output_(output), run_(std::move(run)), retry_errors_(retry_errors), state_(std::make_unique<State>()) {
  const RowScan scan = scan_rows(output.descriptor(), 0, output.path(), shard);
  require_rows(output, scan);
  require_shard(output, scan, shard);
  output.truncate(scan.end);
  remove_old_leftovers(output.path(), scan);
  state_->end = scan.end;
  state_->broken = scan.broken_lines;
  state_->rows.reserve(scan.rows.size());
  for (const RowPlace& place : scan.rows) {
    state_->rows.push_back({place, 0, 0, place.own ? Fate::kUnlisted : Fate::kForeign});
  }
  std::stable_sort(state_->rows.begin(), state_->rows.end(),
                   [](const OldRow& a, const OldRow& b) { return a.place.path_hash < b.place.path_hash; });
}

FinishedRows::~FinishedRows() = default;

bool FinishedRows::keep(const BatchInput& input) {
  state_->listed = std::max(state_->listed, input.index + 1);
  state_->listed_files = std::max(state_->listed_files, input.listed_file + 1);
  const uint64_t path_hash = row_path_hash(input.path);
  const uint64_t identity = row_identity(input, run_);
  auto row = std::lower_bound(
      state_->rows.begin(), state_->rows.end(), path_hash,
      [](const OldRow& candidate, uint64_t wanted) { return candidate.place.path_hash < wanted; });
  OldRow* found = nullptr;
  for (; row != state_->rows.end() && row->place.path_hash == path_hash; ++row) {
    if (row->fate == Fate::kForeign) continue;
    if (row->fate == Fate::kKept) continue;  // by a path that is listed twice
    row->fate = Fate::kMadeAgain;
    const bool stands = row->place.identity == identity && !(row->place.failed && retry_errors_);
    const bool better = found == nullptr || (found->place.failed && !row->place.failed);
    if (stands && better) found = &*row;
  }
  if (found == nullptr) return false;
  found->fate = Fate::kKept;
  found->new_index = input.index;
  found->new_listed_file = input.listed_file;
  ++kept_;
  return true;
}

FinishedRowsCount FinishedRows::count() const {
  FinishedRowsCount count;
  count.broken = state_->broken;
  for (const OldRow& row : state_->rows) {
    if (row.fate == Fate::kUnlisted) ++count.unlisted;
    if (row.fate == Fate::kForeign) ++count.foreign;
    if (row.fate != Fate::kKept) continue;
    ++count.kept;
    if (row.place.failed) ++count.kept_failed;
  }
  return count;
}

void FinishedRows::settle(bool ordered) {
  std::vector<RowMove> listed;
  std::vector<RowMove> unlisted;
  for (const OldRow& row : state_->rows) {
    if (row.fate == Fate::kKept) listed.push_back({0, row.place, row.new_index, false, row.new_listed_file});
    if (row.fate == Fate::kUnlisted) unlisted.push_back({0, row.place, 0, false, 0});
  }
  const RowScan appended = scan_rows(output_.descriptor(), state_->end, output_.path());
  for (const RowPlace& place : appended.rows) {
    listed.push_back({0, place, place.index, false, place.listed_file});
  }
  const auto by_offset = [](const RowMove& a, const RowMove& b) { return a.place.offset < b.place.offset; };
  std::sort(unlisted.begin(), unlisted.end(), by_offset);
  std::sort(listed.begin(), listed.end(), [&](const RowMove& a, const RowMove& b) {
    return ordered ? a.index < b.index : by_offset(a, b);
  });
  uint64_t index = state_->listed;
  for (RowMove& move : unlisted) {
    move.index = index++;
    if (move.place.by_input) move.listed_file = state_->listed_files;
  }
  listed.insert(listed.end(), unlisted.begin(), unlisted.end());

  uint64_t offset = 0;
  bool settled = true;
  for (const RowMove& move : listed) {
    settled = settled && move.place.offset == offset && move.place.index == move.index &&
              move.place.listed_file == move.listed_file;
    offset += move.place.length + 1;
  }
  if (settled && offset == appended.end) return;
  AtomicFile replacement(output_.path());
  const auto own = [this](size_t /*file*/) { return output_.descriptor(); };
  copy_rows(listed, own, output_.path(), [&](std::string_view rows) { replacement.write(rows); });
  replacement.sync();
  output_.require_in_place();  // what another process has put there is not ours to replace
  output_.replace_by(replacement.commit());
}

}  // namespace kiloword
