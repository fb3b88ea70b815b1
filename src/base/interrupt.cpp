#include "kiloword/base/interrupt.h"

#include <unistd.h>

#include <atomic>
#include <csignal>

namespace kiloword {
namespace {

enum class WriteState { kNone, kWriting, kInterrupted };

std::atomic<WriteState> write_state{WriteState::kNone};
std::atomic<bool> draining{false};
std::atomic<bool> requested{false};
static_assert(std::atomic<WriteState>::is_always_lock_free && std::atomic<bool>::is_always_lock_free,
              "a signal handler may only touch lock-free atomics");

void on_interrupt(int /*signal*/) {
  if (draining && !requested.exchange(true)) return;
  auto writing = WriteState::kWriting;
  if (!write_state.compare_exchange_strong(writing, WriteState::kInterrupted)) ::_exit(kInterruptedExit);
}

}  // namespace

void install_interrupt_handlers() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file over the size limit
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  struct sigaction hang_up {};
  sigaction(SIGHUP, nullptr, &hang_up);
  if (hang_up.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);
}

void drain_on_first_interrupt() {
  draining = true;
}

bool interrupt_requested() {
  return requested;
}

UninterruptedWrite::UninterruptedWrite() {
  write_state = WriteState::kWriting;
}

UninterruptedWrite::~UninterruptedWrite() {
  if (write_state.exchange(WriteState::kNone) == WriteState::kInterrupted) ::_exit(kInterruptedExit);
}

}  // namespace kiloword
