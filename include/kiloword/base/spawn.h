#pragma once

#include <spawn.h>

#include <string>

#include "kiloword/base/descriptor.h"
#include "kiloword/base/error.h"

namespace kiloword {

/// Starting programs by posix_spawn: how their failures are reported.
struct SpawnErrors {
  ErrorKind kind = ErrorKind::kInternal;
  std::string what;   ///< a clause, which the system's words follow
  std::string where;  ///< the program or command

  /// Throws for `error`, an errno value, unless it is 0.
  void check(int error) const;
};

/// A pipe whose ends are closed on exec. Both are above the standard descriptors, even where this process was
/// started without these: the child's are put in their places one after the other.
struct Pipe {
  Descriptor read_end;
  Descriptor write_end;

  explicit Pipe(const SpawnErrors& errors);
};

/// The attributes of posix_spawn, freed at the end of its scope: a process group of the child's own, no
/// blocked signals, and the usual actions for SIGPIPE, SIGINT and SIGTERM.
struct SpawnPlan {
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};

  explicit SpawnPlan(const SpawnErrors& errors);
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan();
};

}  // namespace kiloword
