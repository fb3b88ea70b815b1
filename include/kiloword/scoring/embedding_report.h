#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace kiloword {

/// Words about how far the texts of label sets are embedded, for EmbeddingProgress's numbers.
class EmbeddingReport {
 public:
  using Clock = std::chrono::steady_clock;

  explicit EmbeddingReport(Clock::time_point begun = Clock::now()) : begun_(begun), told_(begun) {}

  /// "embedding label texts, once for this model and these labels: 1200 of 12516, 310/s, 37 s left". What was
  /// done before the first call does not count for the rate.
  std::string text(int64_t done, int64_t total, Clock::time_point now = Clock::now());

  /// Where lines stay, one now and then: the first after two seconds, further ones after ten more each.
  bool is_due(Clock::time_point now = Clock::now());

 private:
  Clock::time_point begun_;
  Clock::time_point told_;
  int64_t first_done_ = -1;
  bool told_once_ = false;
};

}  // namespace kiloword
