#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "cli/output/console.h"
#include "kiloword/batch/input_lister.h"

namespace kiloword::cli {

/// Counts the inputs of a batch on a separate thread, by listing names only.
class InputCounter {
 public:
  explicit InputCounter(ListingOptions options);
  InputCounter(const InputCounter&) = delete;
  InputCounter& operator=(const InputCounter&) = delete;
  ~InputCounter();

  /// The number of inputs of the shard; none until all are counted.
  std::optional<uint64_t> total() const;

 private:
  std::atomic<bool> stop_{false};
  std::atomic<bool> counted_{false};
  std::atomic<uint64_t> count_{0};
  std::thread thread_;
};

/// Progress of a batch.
struct BatchState {
  uint64_t done = 0;              ///< in this run
  uint64_t failed = 0;            ///< in this run
  uint64_t kept = 0;              ///< from an earlier run
  std::optional<uint64_t> total;  ///< including kept ones
};

/// "[=====>    ] 1,234 of 5,000 done, 25.3 images/s, 2 min 29 s left, 3 failed", at most `columns` wide; the
/// bar fills the remaining width. `columns` 0: no bar, unlimited width.
std::string progress_text(const BatchState& state, double images_per_s, size_t columns);

/// "2 h 05 min", "3 min 07 s", "41 s"
std::string duration_text(double seconds);

/// "1,234,567"
std::string grouped(uint64_t number);

/// Reports progress of a batch: in place on a terminal, several times a second; elsewhere as occasional
/// lines.
class BatchProgress {
 public:
  BatchProgress(Console& console, const DisplayOptions& display, double interval_s);

  bool enabled() const { return enabled_; }
  void show(const BatchState& state);

 private:
  using Clock = std::chrono::steady_clock;

  double rate(Clock::time_point now, uint64_t done);

  Console& console_;
  bool enabled_;
  bool in_place_;
  double interval_s_;
  Clock::time_point shown_ = Clock::now();
  std::deque<std::pair<Clock::time_point, uint64_t>> samples_;  // of the last few seconds
};

}  // namespace kiloword::cli
