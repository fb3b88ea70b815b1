#include "guided/child_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <thread>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"

namespace kiloword {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kPatience{1000};

/// Throws for `error`, an errno value, unless it is 0.
void check(int error, const std::string& command) {
  if (error != 0) {
    throw Error(ErrorKind::kModel, "scorer cannot be started: " + errno_message(error), command);
  }
}

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;

  /// Both ends are above the standard descriptors, even where we were started without these: the child's are
  /// put in their places one after the other.
  explicit Pipe(const std::string& command) {
    std::array<int, 2> ends{};
    check(::pipe2(ends.data(), O_CLOEXEC) == 0 ? 0 : errno, command);
    read_end = Descriptor(ends[0]);
    write_end = Descriptor(ends[1]);
    for (Descriptor* end : {&read_end, &write_end}) {
      if (end->get() > STDERR_FILENO) continue;
      Descriptor moved(::fcntl(end->get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
      check(moved.get() >= 0 ? 0 : errno, command);
      *end = std::move(moved);
    }
  }
};

void stop_blocking(const Descriptor& file, const std::string& command) {
  check(::fcntl(file.get(), F_SETFL, O_NONBLOCK) == 0 ? 0 : errno, command);
}

/// What posix_spawn is told; freed at the end of its scope.
struct SpawnPlan {
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};

  explicit SpawnPlan(const std::string& command) {
    check(::posix_spawn_file_actions_init(&files), command);
    check(::posix_spawnattr_init(&attributes), command);
    sigset_t signals;
    sigemptyset(&signals);
    check(::posix_spawnattr_setsigmask(&attributes, &signals), command);
    for (const int signal : {SIGPIPE, SIGINT, SIGTERM}) sigaddset(&signals, signal);
    check(::posix_spawnattr_setsigdefault(&attributes, &signals), command);
    check(::posix_spawnattr_setpgroup(&attributes, 0), command);
    check(::posix_spawnattr_setflags(
              &attributes,
              static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP)),
          command);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&attributes);
  }
};

/// How the child `pid` ended, nothing while it runs. It stays a zombie, so that its number, which is that of
/// its group too, is not given to another process.
std::optional<std::string> end_of(pid_t pid) {
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0) {
    return errno == ECHILD ? std::optional<std::string>("unnoticed") : std::nullopt;
  }
  if (info.si_pid == 0) return std::nullopt;
  return (info.si_code == CLD_EXITED ? "with exit status " : "by signal ") + std::to_string(info.si_status);
}

}  // namespace

ChildProcess::ChildProcess(const std::string& command) {
  Pipe in(command);
  Pipe out(command);
  stop_blocking(in.write_end, command);
  stop_blocking(out.read_end, command);
  SpawnPlan plan(command);
  check(::posix_spawn_file_actions_adddup2(&plan.files, in.read_end.get(), STDIN_FILENO), command);
  check(::posix_spawn_file_actions_adddup2(&plan.files, out.write_end.get(), STDOUT_FILENO), command);
  std::array<std::string, 3> words{"sh", "-c", command};
  std::array<char*, 4> arguments{words[0].data(), words[1].data(), words[2].data(), nullptr};
  check(::posix_spawn(&pid_, "/bin/sh", &plan.files, &plan.attributes, arguments.data(), environ), command);
  input_ = std::move(in.write_end);
  output_ = std::move(out.read_end);
}

ChildProcess::~ChildProcess() {
  end(kPatience);
}

std::optional<std::string> ChildProcess::wait_for_end(milliseconds patience) {
  constexpr milliseconds kLongestNap{20};
  input_.close();
  const auto deadline = steady_clock::now() + patience;
  for (milliseconds nap{1};; nap = std::min(2 * nap, kLongestNap)) {
    if (std::optional<std::string> end = end_of(pid_)) return end;
    if (steady_clock::now() >= deadline) return std::nullopt;
    std::this_thread::sleep_for(nap);
  }
}

void ChildProcess::end(milliseconds patience) {
  if (pid_ < 0) return;
  if (!wait_for_end(patience)) {
    ::kill(-pid_, SIGTERM);
    wait_for_end(kPatience);
  }
  ::kill(-pid_, SIGKILL);
  output_.close();
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

}  // namespace kiloword
