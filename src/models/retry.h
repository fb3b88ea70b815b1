#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <random>
#include <string>

#include "kiloword/base/error.h"

namespace kiloword {

/// How often, and after what time, something that may pass is tried again.
struct RetryPolicy {
  int attempts = 6;                            ///< in a row without progress
  std::chrono::milliseconds first_wait{1000};  ///< doubled with every attempt
  std::chrono::milliseconds longest_wait{30000};
  std::chrono::milliseconds longest_asked_wait{120000};  ///< of what a server asks for
};

/// An attempt that failed, but the next one may not.
struct Setback {
  Error error;  ///< what to say when there is no next one
  std::optional<std::chrono::milliseconds> asked_wait;
  bool progressed = false;  ///< part of the work was done: the count begins anew
};

/// Thrown inside of the module when the user wants no more; no error.
struct PullStopped {};

/// Called before each wait.
using RetryNotice = std::function<void(const Error& error, std::chrono::milliseconds wait)>;

/// How long to wait after attempt number `failed` (from 1): the doubled time, made between half and all of it
/// by `luck` in [0, 1), so that many clients do not come back all at once.
std::chrono::milliseconds wait_after(const RetryPolicy& policy, int failed, double luck);

/// Calls `attempt` until it returns nothing. Throws the last setback's error when the attempts are used up,
/// PullStopped when `stop` says so.
void with_retries(const RetryPolicy& policy, const std::function<bool()>& stop, const RetryNotice& notice,
                  const std::function<std::optional<Setback>()>& attempt);

/// Sleeps; throws PullStopped soon after `stop` says so.
void wait_unless_stopped(std::chrono::milliseconds time, const std::function<bool()>& stop);

}  // namespace kiloword
