#pragma once

#include <cstddef>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace kiloword {

/// Returns freed memory to the system. glibc keeps the memory of large requests in its threads' heaps, so
/// that a burst would stay resident forever; even after trimming, the end of each heap stays, at most 64 MB.
/// (A single heap would keep nothing, but costs a fifth of the throughput.) Not thread-safe.
class FreedMemory {
 public:
  /// Notes that a request has freed `bytes`. Small amounts are ignored: the next request reuses their memory.
  void note(size_t bytes) {
    if (bytes < kLargeBytes) return;
    bytes_ += bytes;
    if (bytes_ >= kManyBytes) release();
  }

  /// Returns noted memory, if any.
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
