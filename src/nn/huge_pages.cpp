#include "nn/huge_pages.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>

#include <cstddef>
#include <cstdint>

#ifdef __linux__
#include <sys/mman.h>
#endif
#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace kiloword {
namespace {

constexpr size_t kHugePageBytes = size_t{2} << 20;
constexpr size_t kLargeBytes = size_t{1} << 20;

/// The pages around `memory`, out to the next huge page, so that what is allocated behind it shares one.
void advise(void* memory, size_t bytes) {
#ifdef __linux__
  const auto address = reinterpret_cast<uintptr_t>(memory);
  const uintptr_t begin = address & ~uintptr_t{4095};
  const uintptr_t end = (address + bytes + kHugePageBytes - 1) & ~(kHugePageBytes - 1);
  // A refusal changes nothing but speed. NOLINTNEXTLINE(performance-no-int-to-ptr)
  ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#endif
}

/// Tensors of a few megabytes must lie side by side to fill huge pages: what glibc's allocator would arrive
/// at after freeing some of 32 MB, from the start; and room behind the last one, which shares its page.
void keep_tensors_together() {
#ifdef __GLIBC__
  constexpr int kLargestOnHeap = 32 << 20;
  constexpr int kRoomBehind = 2 << 20;
  ::mallopt(M_MMAP_THRESHOLD, kLargestOnHeap);
  ::mallopt(M_TRIM_THRESHOLD, 2 * kLargestOnHeap);
  ::mallopt(M_TOP_PAD, kRoomBehind);
#endif
}

/// libtorch's own allocator, whose large pieces are advised.
class HugePageAllocator : public c10::Allocator {
 public:
  explicit HugePageAllocator(c10::Allocator& inner) : inner_(inner) {}

  c10::DataPtr allocate(size_t bytes) const override {
    c10::DataPtr data = inner_.allocate(bytes);
    if (bytes >= kLargeBytes) advise(data.get(), bytes);
    return data;
  }
  c10::DeleterFnPtr raw_deleter() const override { return inner_.raw_deleter(); }

 private:
  c10::Allocator& inner_;
};

}  // namespace

void use_huge_pages() {
  static HugePageAllocator* const kAllocator = [] {  // never destroyed: tensors may live longer than statics
    keep_tensors_together();
    auto* allocator = new HugePageAllocator(*c10::GetCPUAllocator());
    c10::SetCPUAllocator(allocator);
    return allocator;
  }();
  static_cast<void>(kAllocator);
}

}  // namespace kiloword
