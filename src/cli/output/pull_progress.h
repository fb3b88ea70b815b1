#pragma once

#include <chrono>
#include <string>

#include "cli/output/console.h"
#include "kiloword/models/puller.h"

namespace kiloword::cli {

/// "[=====>    ] model.safetensors, 312 MB of 605 MB, 25.1 MB/s, 12 s left", at most `columns` wide.
/// `columns` 0: no bar, unlimited width.
std::string pull_text(const PullState& state, double bytes_per_s, size_t columns);

/// Reports the progress of a pull: a bar in place on a terminal, elsewhere occasional lines.
class PullProgress : public PullObserver {
 public:
  /// `endpoint`: where licenses can be read.
  PullProgress(Console& console, std::string endpoint);

  void planned(const PullPlan& plan) override;
  void progress(const PullState& state) override;
  void waiting(const std::string& file) override;
  void retrying(const std::string& why, std::chrono::milliseconds wait) override;

 private:
  using Clock = std::chrono::steady_clock;

  Console& console_;
  std::string endpoint_;
  bool enabled_;
  bool in_place_;
  Clock::time_point begun_ = Clock::now();
  Clock::time_point shown_ = Clock::now();
};

}  // namespace kiloword::cli
