#pragma once

#include <spawn.h>

#include <string>

#include "kiloword/base/descriptor.h"
#include "kiloword/base/error.h"

namespace kiloword {

/// How failures to start a program with posix_spawn are reported.
struct SpawnErrors {
  ErrorKind kind = ErrorKind::kInternal;
  std::string what;   ///< a clause, followed by the system's message
  std::string where;  ///< the program or command

  /// Throws for `error`, an errno value, unless it is 0.
  void check(int error) const;
};

/// A pipe whose ends are closed on exec. Both are above the standard descriptors, even if this process was
/// started without those, since the child's ends are moved into place one after the other.
struct Pipe {
  Descriptor read_end;
  Descriptor write_end;

  explicit Pipe(const SpawnErrors& errors);
};

/// Attributes of posix_spawn, freed at the end of the scope: a process group for the child, no blocked
/// signals, and the default actions for SIGPIPE, SIGINT and SIGTERM.
struct SpawnPlan {
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};

  explicit SpawnPlan(const SpawnErrors& errors);
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan();
};

}  // namespace kiloword
