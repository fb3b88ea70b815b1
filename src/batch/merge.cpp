#include "kiloword/batch/merge.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "batch/row_copy.h"
#include "batch/row_scan.h"
#include "batch/shard_files.h"
#include "batch/shard_mark.h"
#include "kiloword/base/atomic_file.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/batch/output_file.h"

namespace kiloword {
namespace {

[[noreturn]] void incomplete_error(const std::string& what, const std::string& where) {
  throw Error(ErrorKind::kInput, what, where,
              "finish it with --resume, or merge the rows so far with --incomplete");
}

/// What is wrong with an output that no mark stands beside.
[[noreturn]] void unmarked_error(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) throw Error(ErrorKind::kInput, errno_message(errno), path);
  if (!S_ISREG(status.st_mode)) throw Error(ErrorKind::kInput, "is not a file of rows", path);
  constexpr size_t kMaxRowBytes = 1 << 20;
  std::string row(kMaxRowBytes, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(row.data(), static_cast<std::streamsize>(row.size()));
  row.resize(std::min(static_cast<size_t>(file.gcount()), row.find('\n')));
  if (row.compare(0, kRowBeginning.size(), kRowBeginning) != 0 && !row.empty()) {
    throw Error(ErrorKind::kInput, "is not an output of kiloword batch", path);
  }
  const nlohmann::json json = nlohmann::json::parse(row, nullptr, /*allow_exceptions=*/false);
  if (json.is_object() && !json.contains("shard")) {
    throw Error(ErrorKind::kInput, "is the output of a whole run, not of a shard", path,
                "concatenate whole runs with --runs");
  }
  incomplete_error("the shard is not finished", path);
}

/// The marks of all shards, checked to be those of one whole.
std::vector<ShardMark> checked_marks(const std::vector<std::string>& shards) {
  std::vector<ShardMark> marks;
  for (const std::string& path : shards) {
    std::optional<ShardMark> mark = read_shard_mark(path);
    if (!mark) unmarked_error(path);
    marks.push_back(std::move(*mark));
  }
  const ShardMark& first = marks.front();
  std::vector<const std::string*> path_of(first.shard.count, nullptr);
  for (size_t i = 0; i < shards.size(); ++i) {
    const ShardMark& mark = marks[i];
    const std::string& path = shards[i];
    if (!mark.belongs_with(first)) {
      throw Error(ErrorKind::kInput,
                  "its inputs, model, label sets or options are not those of " + shards.front(), path,
                  "run all shards on the same files with the same options");
    }
    const std::string*& place = path_of[mark.shard.number - 1];
    if (place != nullptr) {
      throw Error(ErrorKind::kInput, "is shard " + mark.shard.text() + ", as is " + *place, path,
                  "name each shard once");
    }
    place = &path;
  }
  const auto missing = std::find(path_of.begin(), path_of.end(), nullptr);
  if (missing != path_of.end()) {
    const Shard shard{static_cast<uint64_t>(missing - path_of.begin()) + 1, first.shard.count};
    incomplete_error("shard " + shard.text() + " is missing", "");
  }
  return marks;
}

/// A row with the number of the shard's file that it is from.
struct ShardRow {
  RowPlace place;
  size_t file = 0;
};

/// Sorts by the order of the listing; of equal rows the first, or the first that is no error row, is left.
void take_equal_rows_once(std::vector<ShardRow>& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const ShardRow& a, const ShardRow& b) {
    return std::tie(a.place.listed_file, a.place.index, a.place.identity, a.place.failed) <
           std::tie(b.place.listed_file, b.place.index, b.place.identity, b.place.failed);
  });
  const auto equal = [](const ShardRow& a, const ShardRow& b) {
    return std::tie(a.place.listed_file, a.place.index, a.place.identity) ==
           std::tie(b.place.listed_file, b.place.index, b.place.identity);
  };
  rows.erase(std::unique(rows.begin(), rows.end(), equal), rows.end());
}

/// The first shard that has fewer rows than inputs; `output` where none has.
std::string shard_to_blame(const std::vector<ShardRow>& rows, const std::vector<std::string>& shards,
                           const std::vector<ShardMark>& marks, const std::string& output) {
  std::vector<uint64_t> own(shards.size(), 0);
  for (const ShardRow& row : rows) own[row.file] += row.place.own ? 1U : 0U;
  for (size_t i = 0; i < shards.size(); ++i) {
    if (own[i] < marks[i].inputs_in_shard) return shards[i];
  }
  return output;
}

/// `rows` are sorted by index.
void check_rows(const std::vector<ShardRow>& rows, const std::vector<std::string>& shards,
                const std::vector<ShardMark>& marks, const std::string& output) {
  const uint64_t inputs = marks.front().inputs;
  uint64_t expected = 0;
  for (const ShardRow& row : rows) {
    if (row.place.index != expected) break;
    ++expected;
  }
  if (expected == inputs && rows.size() == inputs) return;
  const bool twice = expected > 0 && expected < rows.size() && rows[expected].place.index == expected - 1;
  if (!twice) {
    incomplete_error("input number " + std::to_string(expected) + " has no row",
                     shard_to_blame(rows, shards, marks, output));
  }
  const ShardRow& first = rows[expected - 1];
  const ShardRow& second = rows[expected];
  const bool blame_first = !first.place.own && second.place.own;
  const std::string& other = shards[blame_first ? second.file : first.file];
  incomplete_error(
      "input number " + std::to_string(expected - 1) + " has more than one row, the other in " + other,
      shards[blame_first ? first.file : second.file]);
}

/// The same of shards by input: each numbers its rows by itself.
void check_rows_by_input(const std::vector<ShardRow>& rows, const std::vector<std::string>& shards,
                         const std::vector<ShardMark>& marks) {
  std::vector<uint64_t> expected(shards.size(), 0);
  for (const ShardRow& row : rows) {
    uint64_t& number = expected[row.file];
    const std::string name = "input number " + std::to_string(row.place.index) + " of the shard";
    if (!row.place.own) incomplete_error(name + " is of another shard", shards[row.file]);
    if (row.place.index < number) incomplete_error(name + " has more than one row", shards[row.file]);
    if (row.place.index == number) ++number;
  }
  for (size_t i = 0; i < shards.size(); ++i) {
    if (expected[i] == marks[i].inputs_in_shard) continue;
    if (expected[i] > marks[i].inputs_in_shard) {
      incomplete_error("has rows of inputs that are no longer listed", shards[i]);
    }
    incomplete_error("input number " + std::to_string(expected[i]) + " of the shard has no row", shards[i]);
  }
}

void tell_read(const MergeProgress& progress, size_t done, size_t total) {
  if (progress) progress("outputs read", static_cast<int64_t>(done), static_cast<int64_t>(total));
}

/// Writes the rows that `moves` say to `output`.
MergeCount write_rows(const std::vector<RowMove>& moves, ShardFiles& files, const std::string& output,
                      const MergeProgress& progress) {
  MergeCount count;
  count.rows = moves.size();
  for (const RowMove& move : moves) count.failed += move.place.failed ? 1U : 0U;
  AtomicFile merged(output);
  const auto open = [&files](size_t file) { return files.open(file); };
  int64_t written = 0;
  copy_rows(moves, open, output, [&](std::string_view text) {
    merged.write(text);
    written += std::count(text.begin(), text.end(), '\n');
    if (progress) progress("rows written", written, static_cast<int64_t>(moves.size()));
  });
  merged.sync();
  merged.commit();
  return count;
}

}  // namespace

MergeCount merge_shards(const std::vector<std::string>& shards, const std::string& output, bool incomplete,
                        const MergeProgress& progress) {
  const std::vector<ShardMark> marks = incomplete ? std::vector<ShardMark>() : checked_marks(shards);
  ShardFiles files(shards);
  std::vector<ShardRow> rows;
  for (size_t i = 0; i < shards.size(); ++i) {
    const RowScan scan = scan_rows(files.open(i), 0, shards[i], incomplete ? Shard() : marks[i].shard);
    if (scan.broken_lines > 0 && !incomplete) {
      incomplete_error(std::to_string(scan.broken_lines) + " lines are not rows", shards[i]);
    }
    for (const RowPlace& place : scan.rows) rows.push_back({place, i});
    tell_read(progress, i + 1, shards.size());
  }
  const bool by_input =
      incomplete ? !rows.empty() && rows.front().place.by_input : marks.front().shard.by_input();
  for (const ShardRow& row : rows) {
    if (row.place.by_input == by_input) continue;
    throw Error(ErrorKind::kInput,
                std::string("has rows of shards by ") + (by_input ? "image" : "input") + ", " +
                    shards.front() + " is by " + (by_input ? "input" : "image"),
                shards[row.file], "merge the shards of one run");
  }
  take_equal_rows_once(rows);
  if (!incomplete && by_input) check_rows_by_input(rows, shards, marks);
  if (!incomplete && !by_input) check_rows(rows, shards, marks, output);
  std::vector<RowMove> moves;
  moves.reserve(rows.size());
  for (const ShardRow& row : rows) {
    moves.push_back({row.file, row.place, by_input ? moves.size() : row.place.index, true});
  }
  return write_rows(moves, files, output, progress);
}

MergeCount merge_runs(const std::vector<std::string>& runs, const std::string& output,
                      const MergeProgress& progress) {
  ShardFiles files(runs);
  std::vector<RowMove> moves;
  for (size_t i = 0; i < runs.size(); ++i) {
    RowScan scan = scan_rows(files.open(i), 0, runs[i]);
    struct stat status {};
    const bool is_torn =
        ::fstat(files.open(i), &status) != 0 || static_cast<uint64_t>(status.st_size) != scan.end;
    if (scan.broken_lines > 0 || is_torn) {
      throw Error(ErrorKind::kInput, is_torn ? "ends within a row" : "has lines that are not rows", runs[i],
                  "run it again with --resume");
    }
    std::stable_sort(scan.rows.begin(), scan.rows.end(),
                     [](const RowPlace& a, const RowPlace& b) { return a.index < b.index; });
    for (const RowPlace& row : scan.rows) moves.push_back({i, row, moves.size(), true});
    tell_read(progress, i + 1, runs.size());
  }
  return write_rows(moves, files, output, progress);
}

}  // namespace kiloword
