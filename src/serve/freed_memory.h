#pragma once

#include <cstddef>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace kiloword {

/// Gives freed memory back to the system. glibc keeps what large requests leave in the heaps of its threads,
/// so that a burst of them would stay resident for good; of each heap its end stays, 64 MB at most. (One heap
/// for all threads would keep nothing, and cost a fifth of the answers a second.) Used by one thread at a
/// time.
class FreedMemory {
 public:
  /// A request has let go of `bytes`. Small ones do not count: the next request takes their memory.
  void note(size_t bytes) {
    if (bytes < kLargeBytes) return;
    bytes_ += bytes;
    if (bytes_ >= kManyBytes) release();
  }

  /// Gives back what has been noted, if anything.
  void release() {
    if (bytes_ == 0) return;
    bytes_ = 0;
#ifdef __GLIBC__
    ::malloc_trim(0);
#endif
  }

 private:
  static constexpr size_t kLargeBytes = size_t{1} << 20U;
  static constexpr size_t kManyBytes = size_t{16} << 20U;
  size_t bytes_ = 0;
};

}  // namespace kiloword
