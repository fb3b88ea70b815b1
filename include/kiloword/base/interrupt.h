#pragma once

namespace kiloword {

/// The exit code after an interrupt.
constexpr int kInterruptedExit = 130;

/// From now on an interrupt (SIGINT, SIGTERM, or SIGHUP unless it is ignored, as by nohup) ends the process
/// with kInterruptedExit: immediately or, inside an UninterruptedWrite, when that ends. Writing to a closed
/// pipe, or past a file size limit, returns an error instead of raising a signal.
void install_interrupt_handlers();

/// From now on the first interrupt only makes interrupt_requested() true, so that work in progress can be
/// finished; the second one ends the process, see install_interrupt_handlers().
void drain_on_first_interrupt();

/// Whether there was an interrupt since drain_on_first_interrupt().
bool interrupt_requested();

/// Defers an interrupt during its lifetime, so that a line is written completely or not at all. A second
/// interrupt is not deferred, since the reader of a pipe may have stopped reading.
class UninterruptedWrite {
 public:
  UninterruptedWrite();
  UninterruptedWrite(const UninterruptedWrite&) = delete;
  UninterruptedWrite& operator=(const UninterruptedWrite&) = delete;
  ~UninterruptedWrite();
};

}  // namespace kiloword
