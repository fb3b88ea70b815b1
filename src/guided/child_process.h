#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>

#include "kiloword/base/descriptor.h"

namespace kiloword {

/// A shell command in its own process group, with pipes to its standard input and output.
class ChildProcess {
 public:
  /// Starts `/bin/sh -c command`. Throws Error(kModel) on failure.
  explicit ChildProcess(const std::string& command);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  /// Calls end() with a patience of one second.
  ~ChildProcess();

  /// The parent's end of its standard input; non-blocking.
  int input() const { return input_.get(); }
  /// The parent's end of its standard output; non-blocking.
  int output() const { return output_.get(); }

  /// Closes its input and waits up to `patience` for it to exit. Returns how it ended ("with exit status 3",
  /// "by signal 9"), or none if it is still running.
  std::optional<std::string> wait_for_end(std::chrono::milliseconds patience);

  /// Closes its input, waits up to `patience` for it to exit, then terminates its process group, by SIGKILL
  /// if SIGTERM does not suffice, and reaps it. Idempotent.
  void end(std::chrono::milliseconds patience);

 private:
  pid_t pid_ = -1;
  Descriptor input_;
  Descriptor output_;
};

}  // namespace kiloword
