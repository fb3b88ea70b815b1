#include "models/retry.h"

#include <algorithm>
#include <thread>

namespace kiloword {

std::chrono::milliseconds wait_after(const RetryPolicy& policy, int failed, double luck) {
  auto wait = policy.first_wait;
  for (int i = 1; i < failed && wait < policy.longest_wait; ++i) wait *= 2;
  wait = std::min(wait, policy.longest_wait);
  return std::chrono::milliseconds(
      static_cast<int64_t>(static_cast<double>(wait.count()) * (0.5 + luck / 2)));
}

void wait_unless_stopped(std::chrono::milliseconds time, const std::function<bool()>& stop) {
  constexpr std::chrono::milliseconds kStep{50};
  const auto end = std::chrono::steady_clock::now() + time;
  for (;;) {
    if (stop()) throw PullStopped();
    const auto now = std::chrono::steady_clock::now();
    if (now >= end) return;
    std::this_thread::sleep_for(std::min<std::chrono::steady_clock::duration>(kStep, end - now));
  }
}

void with_retries(const RetryPolicy& policy, const std::function<bool()>& stop, const RetryNotice& notice,
                  const std::function<std::optional<Setback>()>& attempt) {
  std::mt19937_64 random{std::random_device{}()};
  std::uniform_real_distribution<double> luck(0, 1);
  int failed = 0;
  for (;;) {
    if (stop()) throw PullStopped();
    const std::optional<Setback> setback = attempt();
    if (!setback) return;
    failed = setback->progressed ? 1 : failed + 1;
    if (failed >= policy.attempts) throw setback->error;
    std::chrono::milliseconds wait = wait_after(policy, failed, luck(random));
    if (setback->asked_wait) {
      wait = std::max(wait, std::min(*setback->asked_wait, policy.longest_asked_wait));
    }
    notice(setback->error, wait);
    wait_unless_stopped(wait, stop);
  }
}

}  // namespace kiloword
