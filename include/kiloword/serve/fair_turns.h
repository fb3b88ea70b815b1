#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>

#include "kiloword/serve/deadline.h"

namespace kiloword {

/// Gives a resource to one thread at a time, in the order of their requests. Threads that give way step by
/// step share it evenly, however long each needs it.
class FairTurns {
 public:
  /// At most `capacity` threads use it or wait for it.
  explicit FairTurns(size_t capacity) : capacity_(capacity) {}

  /// Holds the turn while it lives.
  class Turn {
   public:
    /// Waits for the turn. Throws Refusal: 503 when too many wait already, 504 when `deadline` comes first.
    Turn(FairTurns& turns, Deadline deadline);
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn();

    /// Releases the turn during `meanwhile()`, then waits after all others, without a deadline: only the
    /// thread with the turn can cancel its work. Throws, with the turn, what `meanwhile` throws.
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

  /// Threads that use it or wait for it.
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
