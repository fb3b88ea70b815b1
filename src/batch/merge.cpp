#include "kiloword/batch/merge.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string_view>
#include <utility>

#include "batch/row_copy.h"
#include "batch/row_scan.h"
#include "batch/shard_mark.h"
#include "kiloword/base/atomic_file.h"
#include "kiloword/base/descriptor.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"

namespace kiloword {
namespace {

[[noreturn]] void incomplete_error(const std::string& what, const std::string& where) {
  throw Error(ErrorKind::kInput, what, where,
              "finish it with --resume, or merge what there is with --incomplete");
}

/// A descriptor for each shard is needed at the same time; the usual soft limit allows a thousand.
void raise_open_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

Descriptor open_shard(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) throw Error(ErrorKind::kInput, errno_message(errno), path);
  if (::flock(file.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    throw Error(ErrorKind::kInput, "another process is writing it", path,
                "wait until that shard is finished");
  }
  return file;
}

/// The marks of all shards, checked to be those of one whole. Returns how many inputs that has.
uint64_t check_marks(const std::vector<std::string>& shards) {
  std::vector<std::pair<ShardMark, std::string>> marks;
  for (const std::string& path : shards) {
    std::optional<ShardMark> mark = read_shard_mark(path);
    if (!mark) incomplete_error("the shard is not finished", path);
    marks.emplace_back(std::move(*mark), path);
  }
  const auto& [first, first_path] = marks.front();
  std::vector<const std::string*> path_of(first.shard.count, nullptr);
  for (const auto& [mark, path] : marks) {
    if (!mark.belongs_with(first)) {
      throw Error(ErrorKind::kInput,
                  "its inputs, model, label sets or options are not those of " + first_path, path,
                  "run all shards over the same files with the same options");
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
  return first.inputs;
}

/// `moves` is sorted by index.
void check_rows(const std::vector<RowMove>& moves, uint64_t inputs, const std::string& output) {
  uint64_t expected = 0;
  for (const RowMove& move : moves) {
    if (move.index != expected) break;
    ++expected;
  }
  if (expected == inputs && moves.size() == inputs) return;
  const bool twice = expected > 0 && expected < moves.size() && moves[expected].index == expected - 1;
  incomplete_error(twice ? "input number " + std::to_string(expected - 1) + " has more than one row"
                         : "input number " + std::to_string(expected) + " has no row",
                   output);
}

}  // namespace

MergeCount merge_shards(const std::vector<std::string>& shards, const std::string& output, bool incomplete) {
  raise_open_file_limit();
  const uint64_t inputs = incomplete ? 0 : check_marks(shards);
  std::vector<Descriptor> files;
  std::vector<RowMove> moves;
  MergeCount count;
  for (const std::string& path : shards) {
    files.push_back(open_shard(path));
    const RowScan scan = scan_rows(files.back().get(), 0, path);
    if (scan.broken_lines > 0 && !incomplete) {
      incomplete_error(std::to_string(scan.broken_lines) + " lines are no rows", path);
    }
    for (const RowPlace& place : scan.rows) {
      moves.push_back({files.back().get(), place, place.index});
      if (place.failed) ++count.failed;
    }
  }
  std::stable_sort(moves.begin(), moves.end(),
                   [](const RowMove& a, const RowMove& b) { return a.index < b.index; });
  if (!incomplete) check_rows(moves, inputs, output);
  count.rows = moves.size();
  AtomicFile merged(output);
  copy_rows(moves, output, [&](std::string_view rows) { merged.write(rows); });
  merged.sync();
  merged.commit();
  return count;
}

}  // namespace kiloword
