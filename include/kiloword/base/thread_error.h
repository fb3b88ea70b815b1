#pragma once

#include <system_error>

#include "kiloword/base/error.h"

namespace kiloword {

/// The error to report when a thread cannot be started.
inline Error thread_error(const std::system_error& failure) {
  return {ErrorKind::kInternal, "cannot start a thread: " + failure.code().message(), "",
          "raise the limit on processes (ulimit -u), or use fewer with --threads"};
}

/// Whether `failure` means that a thread could not be started.
inline bool is_thread_failure(const std::system_error& failure) {
  return failure.code() == std::errc::resource_unavailable_try_again;
}

/// Throws Error(kInternal), as from thread_error(), unless `count` more threads can run at the same time. For
/// libraries that abort or hang if they cannot start their threads.
void require_threads(int count);

}  // namespace kiloword
