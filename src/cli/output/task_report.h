#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace kiloword::cli {

/// Words about how far a task is.
class TaskReport {
 public:
  using Clock = std::chrono::steady_clock;

  explicit TaskReport(Clock::time_point begun = Clock::now()) : begun_(begun), told_(begun) {}

  /// "embedding label texts: 1200 of 12516, 310/s, 37 s left", or, where `total` is not known (below 0),
  /// "images: 1200, 31/s". What was done before the first call does not count for the rate.
  std::string text(const std::string& task, int64_t done, int64_t total,
                   Clock::time_point now = Clock::now());

  /// Seconds that the rest takes at the rate so far; none where there is no rate yet.
  std::optional<double> seconds_left(int64_t done, int64_t total, Clock::time_point now = Clock::now());

  /// Where lines stay, one now and then: the first after `first_s` seconds, further ones after ten more each.
  bool is_due(Clock::time_point now = Clock::now(), double first_s = 2);

  /// In place: the first at once, further ones a fifth of a second after each other.
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
