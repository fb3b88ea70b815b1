#pragma once

#include <system_error>

#include "kiloword/base/error.h"

namespace kiloword {

/// What the failure to start a thread means to the user.
inline Error thread_error(const std::system_error& failure) {
  return {ErrorKind::kInternal, "cannot start a thread: " + failure.code().message(), "",
          "raise the limit on processes (ulimit -u), or use fewer with --threads"};
}

/// Whether `failure` is that of a thread that could not be started.
inline bool is_thread_failure(const std::system_error& failure) {
  return failure.code() == std::errc::resource_unavailable_try_again;
}

/// Throws Error(kInternal), as thread_error() has it, unless `count` more threads can run at the same time.
/// For libraries that end the process, or wait for ever, where they cannot start theirs.
void require_threads(int count);

}  // namespace kiloword
