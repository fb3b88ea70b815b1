#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>

#include "kiloword/base/descriptor.h"

namespace kiloword {

/// A shell command that runs beside us in a process group of its own, its standard input and output connected
/// to pipes.
class ChildProcess {
 public:
  /// Starts `/bin/sh -c command`. Throws Error(kModel) when that fails.
  explicit ChildProcess(const std::string& command);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  /// end() with a second's patience.
  ~ChildProcess();

  /// Our end of its standard input; does not block.
  int input() const { return input_.get(); }
  /// Our end of its standard output; does not block.
  int output() const { return output_.get(); }

  /// Closes its input and waits up to `patience` for its end: how it ended ("with exit status 3", "by signal
  /// 9"), nothing while it runs.
  std::optional<std::string> wait_for_end(std::chrono::milliseconds patience);

  /// Closes its input, waits up to `patience` for its end, then ends it and what else runs in its process
  /// group, by force where a request does not help. Nothing of it is left, no zombie either. Idempotent.
  void end(std::chrono::milliseconds patience);

 private:
  pid_t pid_ = -1;
  Descriptor input_;
  Descriptor output_;
};

}  // namespace kiloword
