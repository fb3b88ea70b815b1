#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace kiloword::cli {

/// Formats the progress of a task.
class TaskReport {
 public:
  using Clock = std::chrono::steady_clock;

  explicit TaskReport(Clock::time_point begun = Clock::now()) : begun_(begun), told_(begun) {}

  /// "embedding label texts: 1200 of 12516, 310/s, 37 s left" or, if `total` is unknown (below 0), "images:
  /// 1200, 31/s". The rate ignores work that was done before the first call.
  std::string text(const std::string& task, int64_t done, int64_t total,
                   Clock::time_point now = Clock::now());

  /// Estimated seconds left at the rate so far; none without a rate.
  std::optional<double> seconds_left(int64_t done, int64_t total, Clock::time_point now = Clock::now());

  /// Whether to print another line where lines are not updated in place: the first after `first_s` seconds,
  /// then every ten seconds.
  bool is_due(Clock::time_point now = Clock::now(), double first_s = 2);

  /// Whether to redraw a line in place: at once, then every fifth of a second.
  bool is_redraw_due(Clock::time_point now = Clock::now());

 private:
  Clock::time_point begun_;
  Clock::time_point told_;
  std::optional<Clock::time_point> drawn_;
  int64_t first_done_ = -1;
  bool told_once_ = false;

  std::optional<double> rate(int64_t done, Clock::time_point now);
};

}  // namespace kiloword::cli
