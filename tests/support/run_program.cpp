#include "support/run_program.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace kiloword::testing {
namespace {

struct Pipe {
  int read_end = -1;
  int write_end = -1;
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
    read_end = ends[0];
    write_end = ends[1];
  }
};

[[noreturn]] void become_program(const std::vector<std::string>& arguments, const ProgramSetup& setup, int in,
                                 int out, int err) {
  if (!setup.stdout_file.empty()) out = ::open(setup.stdout_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  std::signal(SIGPIPE, SIG_DFL);
  for (const auto& [name, value] : setup.environment) {
    if (value.empty()) {
      ::unsetenv(name.c_str());
    } else {
      ::setenv(name.c_str(), value.c_str(), 1);
    }
  }
  if (!setup.working_directory.empty() && ::chdir(setup.working_directory.c_str()) != 0) ::_exit(127);
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  ::execvp(argv[0], argv.data());
  ::_exit(127);
}

/// Feeds `input` and collects both outputs at once, so that no pipe can fill up and block the program.
void exchange(int in, int out, int err, std::string_view input, ProgramResult& result) {
  std::array<pollfd, 3> files{{{in, POLLOUT, 0}, {out, POLLIN, 0}, {err, POLLIN, 0}}};
  const auto close_file = [](pollfd& file) {
    ::close(file.fd);
    file.fd = -1;
  };
  if (input.empty()) close_file(files[0]);
  while (files[1].fd >= 0 || files[2].fd >= 0) {
    if (::poll(files.data(), files.size(), -1) < 0) continue;
    if (files[0].fd >= 0 && files[0].revents != 0) {
      const ssize_t written = ::write(in, input.data(), input.size());
      if (written > 0) input.remove_prefix(static_cast<size_t>(written));
      if (written < 0 || input.empty()) close_file(files[0]);
    }
    for (size_t i = 1; i < files.size(); ++i) {
      if (files[i].fd < 0 || files[i].revents == 0) continue;
      std::array<char, 65536> buffer{};
      const ssize_t count = ::read(files[i].fd, buffer.data(), buffer.size());
      if (count <= 0) {
        close_file(files[i]);
      } else {
        (i == 1 ? result.out : result.err).append(buffer.data(), static_cast<size_t>(count));
      }
    }
  }
  if (files[0].fd >= 0) close_file(files[0]);
}

}  // namespace

ProgramResult run_program(const std::vector<std::string>& arguments, const ProgramSetup& setup) {
  std::signal(SIGPIPE, SIG_IGN);  // a program may end before it has read its input
  const Pipe in;
  const Pipe out;
  const Pipe err;
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("cannot start a process");
  if (child == 0) become_program(arguments, setup, in.read_end, out.write_end, err.write_end);
  ::close(in.read_end);
  ::close(out.write_end);
  ::close(err.write_end);
  ProgramResult result;
  std::thread meanwhile;
  if (setup.meanwhile) meanwhile = std::thread(setup.meanwhile, child);
  exchange(in.write_end, out.read_end, err.read_end, setup.input, result);
  if (meanwhile.joinable()) meanwhile.join();
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

}  // namespace kiloword::testing
