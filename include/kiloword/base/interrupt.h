#pragma once

namespace kiloword {

/// The exit code after an interrupt.
constexpr int kInterruptedExit = 130;

/// From now on an interrupt (SIGINT, SIGTERM, or SIGHUP unless it is ignored, as by nohup) ends the process
/// with kInterruptedExit: at once or, inside an UninterruptedWrite, when that ends. Writing to a closed pipe,
/// or past a limit on file sizes, returns an error instead of raising a signal.
void install_interrupt_handlers();

/// From now on the first interrupt only makes interrupt_requested() true, so that work in progress can be
/// finished; the second one ends the process, see install_interrupt_handlers().
void drain_on_first_interrupt();

/// Whether an interrupt has come since drain_on_first_interrupt().
bool interrupt_requested();

/// While one is alive, an interrupt waits until it ends, so that a line is written whole or not at all. A
/// further interrupt does not wait: the reader of a pipe may have stopped reading.
class UninterruptedWrite {
 public:
  UninterruptedWrite();
  UninterruptedWrite(const UninterruptedWrite&) = delete;
  UninterruptedWrite& operator=(const UninterruptedWrite&) = delete;
  ~UninterruptedWrite();
};

}  // namespace kiloword
