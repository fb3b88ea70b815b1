#include "kiloword/base/spawn.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include "kiloword/base/file.h"

namespace kiloword {

void SpawnErrors::check(int error) const {
  if (error != 0) throw Error(kind, what + ": " + errno_message(error), where);
}

Pipe::Pipe(const SpawnErrors& errors) {
  std::array<int, 2> ends{};
  errors.check(::pipe2(ends.data(), O_CLOEXEC) == 0 ? 0 : errno);
  read_end = Descriptor(ends[0]);
  write_end = Descriptor(ends[1]);
  for (Descriptor* end : {&read_end, &write_end}) {
    if (end->get() > STDERR_FILENO) continue;
    Descriptor moved(::fcntl(end->get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    errors.check(moved.get() >= 0 ? 0 : errno);
    *end = std::move(moved);
  }
}

SpawnPlan::SpawnPlan(const SpawnErrors& errors) {
  errors.check(::posix_spawn_file_actions_init(&files));
  errors.check(::posix_spawnattr_init(&attributes));
  sigset_t signals;
  sigemptyset(&signals);
  errors.check(::posix_spawnattr_setsigmask(&attributes, &signals));
  for (const int signal : {SIGPIPE, SIGINT, SIGTERM}) sigaddset(&signals, signal);
  errors.check(::posix_spawnattr_setsigdefault(&attributes, &signals));
  errors.check(::posix_spawnattr_setpgroup(&attributes, 0));
  errors.check(::posix_spawnattr_setflags(
      &attributes,
      static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP)));
}

SpawnPlan::~SpawnPlan() {
  ::posix_spawn_file_actions_destroy(&files);
  ::posix_spawnattr_destroy(&attributes);
}

}  // namespace kiloword
