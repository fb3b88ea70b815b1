#include "nn/huge_pages.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

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

template <typename Signature>
struct IsConst : std::false_type {};
template <typename Class>
struct IsConst<c10::DataPtr (Class::*)(size_t) const> : std::true_type {};

/// An allocator that copies, as libtorch asks of it from 2.2 on.
template <typename Allocator, typename = void>
class CopyingAllocator : public Allocator {};

template <typename Allocator>
class CopyingAllocator<Allocator, std::void_t<decltype(&Allocator::copy_data)>> : public Allocator {
 public:
  void copy_data(void* to, const void* from, size_t bytes) const override { std::memcpy(to, from, bytes); }
};

/// libtorch's own allocator, whose large pieces are advised.
template <typename Allocator>
class AdvisingAllocator : public CopyingAllocator<Allocator> {
 public:
  explicit AdvisingAllocator(Allocator& inner) : inner_(inner) {}

  c10::DeleterFnPtr raw_deleter() const override { return inner_.raw_deleter(); }

 protected:
  c10::DataPtr allocate_advised(size_t bytes) const {
    c10::DataPtr data = inner_.allocate(bytes);
    if (bytes >= kLargeBytes) advise(data.get(), bytes);
    return data;
  }

 private:
  Allocator& inner_;
};

/// With `allocate` const, as it was in libtorch until 2.2, or not.
template <typename Allocator, bool = IsConst<decltype(&Allocator::allocate)>::value>
class HugePageAllocator : public AdvisingAllocator<Allocator> {
 public:
  using AdvisingAllocator<Allocator>::AdvisingAllocator;
  c10::DataPtr allocate(size_t bytes) override { return this->allocate_advised(bytes); }
};

template <typename Allocator>
class HugePageAllocator<Allocator, true> : public AdvisingAllocator<Allocator> {
 public:
  using AdvisingAllocator<Allocator>::AdvisingAllocator;
  c10::DataPtr allocate(size_t bytes) const override { return this->allocate_advised(bytes); }
};

}  // namespace

void use_huge_pages() {
  static auto* const kAllocator = [] {  // never destroyed: tensors may live longer than statics
    keep_tensors_together();
    auto* allocator = new HugePageAllocator<c10::Allocator>(*c10::GetCPUAllocator());
    c10::SetCPUAllocator(allocator);
    return allocator;
  }();
  static_cast<void>(kAllocator);
}

}  // namespace kiloword
