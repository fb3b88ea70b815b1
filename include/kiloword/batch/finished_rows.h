#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "kiloword/batch/batch_input.h"
#include "kiloword/batch/output_file.h"
#include "kiloword/batch/shard.h"

namespace kiloword {

/// Counts of an earlier run's rows in an output.
struct FinishedRowsCount {
  uint64_t kept = 0;         ///< rows of inputs of this run
  uint64_t kept_failed = 0;  ///< of these, error rows
  uint64_t unlisted = 0;     ///< rows of inputs that this run does not list
  uint64_t broken = 0;       ///< lines that are not rows
  uint64_t foreign = 0;      ///< rows of another shard, dropped when the output is settled
};

/// The rows in an output when a run is resumed. A row is kept if its input has the same path, size and
/// modification time and it was made with the same model, label sets and options.
class FinishedRows {
 public:
  /// Reads `output` and removes an incomplete last line. `run` is the fingerprint of this run, `shard` its
  /// shard. Throws Error(kUsage) if the file is not the output of a batch, or is that of another shard,
  /// Error(kOutput) if it cannot be read.
  FinishedRows(OutputFile& output, std::string run, bool retry_errors, const Shard& shard = Shard());
  FinishedRows(const FinishedRows&) = delete;
  FinishedRows& operator=(const FinishedRows&) = delete;
  ~FinishedRows();

  /// Whether `input` has a row that can be kept, which is then assigned to it. Call once for every input of
  /// the run, on one thread.
  bool keep(const BatchInput& input);

  /// Rows kept so far; may be called from any thread.
  uint64_t kept() const { return kept_; }
  FinishedRowsCount count() const;

  /// Rewrites the output as one uninterrupted run would have written it; call it once every listed input has
  /// its row. Superseded rows and rows of another shard are dropped, others get their position in the listing
  /// and, if `ordered`, that order; rows of unlisted inputs follow. The file is replaced atomically. Throws
  /// Error(kOutput).
  void settle(bool ordered);

 private:
  struct State;

  OutputFile& output_;
  std::string run_;
  bool retry_errors_;
  std::atomic<uint64_t> kept_{0};
  std::unique_ptr<State> state_;
};

}  // namespace kiloword
