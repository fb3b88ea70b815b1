#pragma once

#include <atomic>
#include <cstddef>

namespace kiloword {

/// A limit on the bytes held by all requests together. Thread-safe.
class MemoryBudget {
 public:
  explicit MemoryBudget(size_t most) : most_(most) {}

  /// One request's share of a budget, released on destruction.
  class Share {
   public:
    explicit Share(MemoryBudget& budget) : budget_(budget) {}
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share() { budget_.used_ -= own_; }

    /// Reserves `bytes` more; false if that would exceed the budget.
    bool add(size_t bytes) {
      if ((budget_.used_ += bytes) > budget_.most_) {
        budget_.used_ -= bytes;
        return false;
      }
      own_ += bytes;
      return true;
    }

   private:
    MemoryBudget& budget_;
    size_t own_ = 0;
  };

 private:
  size_t most_;
  std::atomic<size_t> used_{0};
};

}  // namespace kiloword
