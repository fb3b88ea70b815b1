#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "kiloword/batch/input_lister.h"
#include "kiloword/batch/shard.h"

namespace kiloword {

/// The path of the mark of the finished shard `output`: `OUTPUT.done`.
std::string shard_mark_path(const std::string& output);

/// Marks a shard as finished: writes `OUTPUT.done`, a summary of its listing, beside its output. `run` is the
/// fingerprint of the run. Throws Error(kOutput).
void write_shard_mark(const std::string& output, const Shard& shard, const ListingCount& listing,
                      const std::string& run);
/// Removes the mark, if any, because work on the shard continues. Throws Error(kUsage) if the path is
/// something other than a mark, Error(kOutput).
void remove_shard_mark(const std::string& output);

/// Throws Error(kUsage) if `output` has the mark of a shard other than `shard`.
void refuse_mark_of_other_shard(const std::string& output, const Shard& shard);

/// The result of a merge.
struct MergeCount {
  uint64_t rows = 0;
  uint64_t failed = 0;  ///< of these, error rows
};

/// Called at each step of a merge: "outputs read", then "rows written", `done` of `total`.
using MergeProgress = std::function<void(const std::string& task, int64_t done, int64_t total)>;

/// Writes the rows of the outputs `shards` to `output`, in the order of the listing; `output` appears
/// atomically. Duplicate rows of the same input, file and run are written once. Unless `incomplete`, throws
/// Error(kInput) if a shard is missing, unfinished or of another run, or if not every input has exactly one
/// row. Throws Error(kInput) if some shards are by image and others by input, and for files that cannot be
/// read, Error(kOutput) if `output` cannot be written.
MergeCount merge_shards(const std::vector<std::string>& shards, const std::string& output, bool incomplete,
                        const MergeProgress& progress = nullptr);

/// Writes the rows of the outputs `runs`, each of a separate run, to `output`, one run after the other and
/// renumbered; `output` appears atomically. Throws as merge_shards() does, and Error(kInput) for lines that
/// are not rows.
MergeCount merge_runs(const std::vector<std::string>& runs, const std::string& output,
                      const MergeProgress& progress = nullptr);

}  // namespace kiloword
