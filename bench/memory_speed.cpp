#include "memory_speed.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

namespace kiloword::bench {
namespace {

constexpr size_t kWords = size_t{64} << 20;  // 512 MB, far more than any cache

using Vector = uint64_t __attribute__((vector_size(32)));

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
__attribute__((target_clones("avx2", "default")))
#endif
/// The sum of `count` words. Loads of eight vectors are on their way at a time: one word after the other is
/// slower than memory.
uint64_t
sum_of(const uint64_t* words, size_t count) {
  constexpr size_t kSums = 8;
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
  static const std::vector<uint64_t> kBuffer(kWords, 1);
  std::atomic<uint64_t> total{0};
  const size_t share = kWords / static_cast<size_t>(threads);
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> readers;
  readers.reserve(static_cast<size_t>(threads));
  for (int i = 0; i < threads; ++i) {
    readers.emplace_back([&, i] { total += sum_of(kBuffer.data() + static_cast<size_t>(i) * share, share); });
  }
  for (std::thread& reader : readers) reader.join();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  const auto bytes = static_cast<double>(total.load() * sizeof(uint64_t));  // every word is a one
  return bytes / seconds.count() * 1e-9;
}

}  // namespace kiloword::bench
