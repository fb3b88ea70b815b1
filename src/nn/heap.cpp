#include "nn/heap.h"

#include <cstdlib>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace kiloword {

void keep_tensors_on_heap() {
#ifdef __GLIBC__
  constexpr int kLargestOnHeap = 32 << 20;
  constexpr int kRoomBehind = 2 << 20;
  ::mallopt(M_MMAP_THRESHOLD, kLargestOnHeap);
  ::mallopt(M_TRIM_THRESHOLD, 2 * kLargestOnHeap);
  ::mallopt(M_TOP_PAD, kRoomBehind);
#endif
}

}  // namespace kiloword
