#include "cli/output.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"

namespace kiloword::cli {
namespace {

constexpr int kInterruptedExit = 130;

enum class LineState { kNone, kWriting, kInterrupted };

std::atomic<LineState> line_state{LineState::kNone};
static_assert(std::atomic<LineState>::is_always_lock_free,
              "a signal handler may only touch lock-free atomics");

void on_interrupt(int /*signal*/) {
  auto writing = LineState::kWriting;
  if (!line_state.compare_exchange_strong(writing, LineState::kInterrupted)) ::_exit(kInterruptedExit);
}

/// Writes all of `bytes`; returns 0 or the errno of the failure.
int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return 0;
}

}  // namespace

void write_line(std::string_view line) {
  std::string bytes(line);
  bytes += '\n';
  line_state = LineState::kWriting;
  const int error = write_all(STDOUT_FILENO, bytes);
  if (line_state.exchange(LineState::kNone) == LineState::kInterrupted) ::_exit(kInterruptedExit);
  if (error == EPIPE) throw OutputClosed();
  if (error != 0) {
    throw Error(ErrorKind::kOutput, "cannot write: " + errno_message(error), "standard output",
                "free some space or write elsewhere");
  }
}

void print_diagnostic(std::string_view line) {
  std::string bytes(line);
  bytes += '\n';
  print_unended(bytes);
}

void print_unended(std::string_view text) {
  write_all(STDERR_FILENO, text);  // nowhere is left to report that stderr is gone
}

bool use_color(const std::string& mode) {
  if (mode != "auto") return mode == "always";
  return ::isatty(STDERR_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
}

void install_signal_handlers() {
  std::signal(SIGPIPE, SIG_IGN);
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

ProgressLine::ProgressLine(bool enabled) : enabled_(enabled && ::isatty(STDERR_FILENO) == 1) {}

void ProgressLine::show(const std::string& text) {
  if (!enabled_) return;
  write_all(STDERR_FILENO, "\r\x1b[K" + text);
  shown_ = true;
}

void ProgressLine::clear() {
  if (shown_) write_all(STDERR_FILENO, "\r\x1b[K");
  shown_ = false;
}

}  // namespace kiloword::cli
