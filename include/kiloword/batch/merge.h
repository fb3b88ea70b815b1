#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "kiloword/batch/input_lister.h"
#include "kiloword/batch/shard.h"

namespace kiloword {

/// Where the mark of the finished shard `output` is: `OUTPUT.done`.
std::string shard_mark_path(const std::string& output);

/// Writes `OUTPUT.done` beside the output of a shard: it is finished, with a summary of its listing. `run` is
/// the fingerprint of the run. Throws Error(kOutput).
void write_shard_mark(const std::string& output, const Shard& shard, const ListingCount& listing,
                      const std::string& run);
/// Takes the mark away, if there is one: the shard is being worked on again. Throws Error(kUsage) where
/// something else has its name, Error(kOutput).
void remove_shard_mark(const std::string& output);

/// Throws Error(kUsage) when `output` has the mark of another shard than `shard`.
void refuse_mark_of_other_shard(const std::string& output, const Shard& shard);

/// The counts of a merge.
struct MergeCount {
  uint64_t rows = 0;
  uint64_t failed = 0;  ///< error rows among them
};

/// Told of each step of a merge: "outputs read", then "rows written", how many of how many.
using MergeProgress = std::function<void(const std::string& task, int64_t done, int64_t total)>;

/// Writes the rows of the outputs `shards` to `output`, in the order of the listing; it appears when it is
/// whole. Rows of the same input, file and run are taken once. Unless `incomplete`, throws
/// Error(kInput) when a shard is missing, unfinished or of another run, and when not every input has exactly
/// one row. Throws Error(kInput) where some shards are by image and others by input. Throws Error(kInput) for
/// files that cannot be read, Error(kOutput) when `output` cannot be written.
MergeCount merge_shards(const std::vector<std::string>& shards, const std::string& output, bool incomplete,
                        const MergeProgress& progress = nullptr);

/// Writes the rows of the outputs `runs`, each of a run of its own, to `output`, one run behind the other and
/// numbered anew; it appears when it is whole. Throws as merge_shards() does, and Error(kInput) for lines
/// that are no rows.
MergeCount merge_runs(const std::vector<std::string>& runs, const std::string& output,
                      const MergeProgress& progress = nullptr);

}  // namespace kiloword
