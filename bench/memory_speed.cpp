#include "memory_speed.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace kiloword::bench {
namespace {

constexpr size_t kWords = size_t{64} << 20;  // 512 MB, far more than any cache

using Vector = uint64_t __attribute__((vector_size(32)));

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
__attribute__((target_clones("avx2", "default")))
#endif
/// The sum of `count` words. Loads of many vectors are on their way at a time: one word after the other is
/// slower than memory.
uint64_t
sum_of(const uint64_t* words, size_t count) {
  constexpr size_t kSums = 16;
  constexpr size_t kLanes = sizeof(Vector) / sizeof(uint64_t);
  Vector sums[kSums] = {};
  for (size_t i = 0; i + kSums * kLanes <= count; i += kSums * kLanes) {
    for (size_t s = 0; s < kSums; ++s) {
      Vector v;
      std::memcpy(&v, words + i + s * kLanes, sizeof v);
      sums[s] += v;
    }
  }
  uint64_t total = 0;
  for (const Vector& sum : sums) {
    for (size_t lane = 0; lane < kLanes; ++lane) total += sum[lane];
  }
  return total;
}

}  // namespace

double memory_gigabytes(int threads) {
  constexpr int kPasses = 5;
  static const std::vector<uint64_t> kBuffer(kWords, 1);
  const size_t share = kWords / static_cast<size_t>(threads);
  at::set_num_threads(threads);
  double best = 0;
  for (int pass = 0; pass < kPasses;
       ++pass) {  // the fastest is the machine's limit, the others were disturbed
    std::atomic<uint64_t> total{0};
    const auto begin = std::chrono::steady_clock::now();
    // On the threads that the network computes on: they wait actively between calls and would slow others
    // down.
    at::parallel_for(0, threads, 1, [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i) {
        total += sum_of(kBuffer.data() + static_cast<size_t>(i) * share, share);
      }
    });
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    const auto bytes = static_cast<double>(total.load() * sizeof(uint64_t));  // every word is a one
    best = std::max(best, bytes / seconds.count() * 1e-9);
  }
  return best;
}

}  // namespace kiloword::bench
