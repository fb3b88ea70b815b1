#include "guided/child_process.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <thread>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/spawn.h"

namespace kiloword {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kPatience{1000};

SpawnErrors errors_of(const std::string& command) {
  return {ErrorKind::kModel, "scorer cannot be started", command};
}

void stop_blocking(const Descriptor& file, const SpawnErrors& errors) {
  errors.check(::fcntl(file.get(), F_SETFL, O_NONBLOCK) == 0 ? 0 : errno);
}

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
  const SpawnErrors errors = errors_of(command);
  Pipe in(errors);
  Pipe out(errors);
  stop_blocking(in.write_end, errors);
  stop_blocking(out.read_end, errors);
  SpawnPlan plan(errors);
  errors.check(::posix_spawn_file_actions_adddup2(&plan.files, in.read_end.get(), STDIN_FILENO));
  errors.check(::posix_spawn_file_actions_adddup2(&plan.files, out.write_end.get(), STDOUT_FILENO));
  std::array<std::string, 3> words{"sh", "-c", command};
  std::array<char*, 4> arguments{words[0].data(), words[1].data(), words[2].data(), nullptr};
  errors.check(::posix_spawn(&pid_, "/bin/sh", &plan.files, &plan.attributes, arguments.data(), environ));
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
