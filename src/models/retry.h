#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <random>
#include <string>

#include "kiloword/base/error.h"

namespace kiloword {

/// Number of retries, with exponential backoff and jitter.
struct RetryPolicy {
  int attempts = 6;                            ///< consecutive, without progress
  std::chrono::milliseconds first_wait{1000};  ///< doubled after every attempt
  std::chrono::milliseconds longest_wait{30000};
  std::chrono::milliseconds longest_asked_wait{120000};  ///< maximum Retry-After
};

/// A temporary failure.
struct Setback {
  Error error;  ///< thrown if there is no further attempt
  std::optional<std::chrono::milliseconds> asked_wait;
  bool progressed = false;  ///< part of the work was done: resets the count
};

/// Thrown inside the module when the user stops a pull; not an error.
struct PullStopped {};

/// Called before each wait.
using RetryNotice = std::function<void(const Error& error, std::chrono::milliseconds wait)>;

/// The wait after attempt number `failed` (from 1): the doubled time, scaled to between half and all of it by
/// `luck` in [0, 1), so that many clients do not retry simultaneously.
std::chrono::milliseconds wait_after(const RetryPolicy& policy, int failed, double luck);

/// Calls `attempt` until it returns none. Throws the last setback's error when the attempts are used up, and
/// PullStopped if `stop` returns true.
void with_retries(const RetryPolicy& policy, const std::function<bool()>& stop, const RetryNotice& notice,
                  const std::function<std::optional<Setback>()>& attempt);

/// Sleeps for `time`; throws PullStopped soon after `stop` returns true.
void wait_unless_stopped(std::chrono::milliseconds time, const std::function<bool()>& stop);

}  // namespace kiloword
