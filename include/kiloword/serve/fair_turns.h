#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>

#include "kiloword/serve/deadline.h"

namespace kiloword {

/// A fair lock: one thread at a time, in order of request. Threads that yield after each step share the
/// resource evenly, however long each needs it.
class FairTurns {
 public:
  /// At most `capacity` threads hold or await the turn.
  explicit FairTurns(size_t capacity) : capacity_(capacity) {}

  /// Holds the turn during its lifetime.
  class Turn {
   public:
    /// Waits for the turn. Throws Refusal: 503 if `capacity` is reached, 504 if `deadline` passes first.
    Turn(FairTurns& turns, Deadline deadline);
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn();

    /// Releases the turn, calls `meanwhile`, then queues again behind all waiting threads, without a
    /// deadline, since work can be cancelled only by the thread with the turn. Rethrows what `meanwhile`
    /// throws once the turn is held again.
    template <typename Meanwhile>
    void give_way(Meanwhile meanwhile) {
      release();
      try {
        meanwhile();
      } catch (...) {
        acquire(Deadline::max());
        throw;
      }
      acquire(Deadline::max());
    }

   private:
    void acquire(Deadline deadline);
    void release();

    FairTurns& turns_;
    bool held_ = false;
  };

  /// Number of threads that hold or await the turn.
  size_t in_progress() const;

 private:
  size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<uint64_t> line_;  ///< tickets; the first one has the turn
  uint64_t next_ticket_ = 0;
  size_t in_progress_ = 0;

  friend class Turn;
};

}  // namespace kiloword
