#include "kiloword/base/bounded_child.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <utility>

#include "kiloword/base/file.h"
#include "kiloword/base/spawn.h"

namespace kiloword {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr size_t kMaxErrorBytes = 4096;
constexpr size_t kReadBytes = size_t{64} << 10;

/// Limits are set by the shell that becomes the program, so that it never runs without them.
std::string limiting_command(const ChildLimits& limits) {
  return "ulimit -c 0 && ulimit -f 0 && ulimit -n 64 && ulimit -t " + std::to_string(limits.cpu_seconds) +
         " && ulimit -v " + std::to_string(limits.memory_bytes >> 10) + " && cd / && exec \"$@\"";
}

std::vector<std::string> environment() {
  std::vector<std::string> out{"LC_ALL=C.UTF-8"};
  for (const char* name : {"PATH", "HOME"}) {
    const char* value = std::getenv(name);
    if (value != nullptr) out.push_back(std::string(name) + "=" + value);
  }
  return out;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (std::string& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

/// A child in a process group of its own, which does not survive this object.
class Child {
 public:
  Child(const std::vector<std::string>& words, int input, const ChildLimits& limits) {
    const SpawnErrors errors{ErrorKind::kInternal, "program cannot be started", words.front()};
    Pipe out(errors);
    Pipe err(errors);
    SpawnPlan plan(errors);
    errors.check(::posix_spawn_file_actions_adddup2(&plan.files, input, STDIN_FILENO));
    errors.check(::posix_spawn_file_actions_adddup2(&plan.files, out.write_end.get(), STDOUT_FILENO));
    errors.check(::posix_spawn_file_actions_adddup2(&plan.files, err.write_end.get(), STDERR_FILENO));
    std::vector<std::string> command{"sh", "-c", limiting_command(limits), "sh"};
    command.insert(command.end(), words.begin(), words.end());
    std::vector<std::string> variables = environment();
    errors.check(::posix_spawn(&pid_, "/bin/sh", &plan.files, &plan.attributes, pointers_to(command).data(),
                               pointers_to(variables).data()));
    output_ = std::move(out.read_end);
    errors_ = std::move(err.read_end);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    ::kill(-pid_, SIGKILL);
    if (!reaped_) wait();
  }

  /// Reads both streams to their ends, as far as the limits allow.
  ChildResult::End read(const ChildLimits& limits, ChildResult& result) {
    const auto deadline = steady_clock::now() + limits.time;
    while (output_.get() >= 0 || errors_.get() >= 0) {
      const auto left = std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now());
      if (left.count() <= 0) return ChildResult::End::kTimeout;
      std::array<pollfd, 2> files{{{output_.get(), POLLIN, 0}, {errors_.get(), POLLIN, 0}}};
      if (::poll(files.data(), files.size(), static_cast<int>(left.count())) < 0 && errno != EINTR) break;
      if (files[0].revents != 0 && !append(output_, result.output)) output_.close();
      if (files[1].revents != 0 && !append(errors_, result.errors)) errors_.close();
      if (result.output.size() > limits.max_output_bytes) return ChildResult::End::kTooMuchOutput;
      result.errors.resize(std::min(result.errors.size(), kMaxErrorBytes));
    }
    return wait_until(deadline) ? ChildResult::End::kExited : ChildResult::End::kTimeout;
  }

  /// How it ended, once read() says that it did.
  int wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    reaped_ = true;
    return status;
  }

 private:
  /// A program that closed its streams may still run.
  bool wait_until(steady_clock::time_point deadline) const {
    constexpr milliseconds kLongestNap{20};
    for (milliseconds nap{1};; nap = std::min(2 * nap, kLongestNap)) {
      siginfo_t info{};
      if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0) return true;
      if (info.si_pid != 0) return true;
      if (steady_clock::now() >= deadline) return false;
      std::this_thread::sleep_for(nap);
    }
  }

  /// Whether there may be more.
  static bool append(const Descriptor& file, std::string& out) {
    const size_t before = out.size();
    out.resize(before + kReadBytes);
    const ssize_t count = ::read(file.get(), out.data() + before, kReadBytes);
    out.resize(before + static_cast<size_t>(std::max<ssize_t>(count, 0)));
    return count > 0 || (count < 0 && errno == EINTR);
  }

  pid_t pid_ = -1;
  bool reaped_ = false;
  Descriptor output_;
  Descriptor errors_;
};

}  // namespace

bool has_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::string_view folders = path == nullptr ? "" : path;
  while (!folders.empty()) {
    const size_t end = std::min(folders.find(':'), folders.size());
    const std::filesystem::path program = std::filesystem::path(folders.substr(0, end)) / name;
    std::error_code ignored;
    if (::access(program.c_str(), X_OK) == 0 && !std::filesystem::is_directory(program, ignored)) return true;
    folders.remove_prefix(std::min(end + 1, folders.size()));
  }
  return false;
}

ChildResult run_bounded(const std::vector<std::string>& words, std::string_view input,
                        const ChildLimits& limits) {
  const SpawnErrors errors{ErrorKind::kInternal, "no memory for a program's input", words.front()};
  const Descriptor file(::memfd_create("input", MFD_CLOEXEC));
  errors.check(file.get() >= 0 ? 0 : errno);
  errors.check(write_descriptor(file.get(), input));
  errors.check(::lseek(file.get(), 0, SEEK_SET) == 0 ? 0 : errno);
  return run_bounded(words, file.get(), limits);
}

ChildResult run_bounded(const std::vector<std::string>& words, int input, const ChildLimits& limits) {
  ChildResult result;
  Child child(words, input, limits);
  result.end = child.read(limits, result);
  if (result.end != ChildResult::End::kExited) return result;
  const int status = child.wait();
  if (WIFSIGNALED(status)) {
    result.end = ChildResult::End::kSignalled;
    result.status = WTERMSIG(status);
  } else {
    result.status = WEXITSTATUS(status);
  }
  return result;
}

}  // namespace kiloword
