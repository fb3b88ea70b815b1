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

/// The sum of `count` words, eight of which are on their way at a time.
uint64_t sum_of(const uint64_t* words, size_t count) {
  uint64_t sums[8] = {};
  for (size_t i = 0; i + 8 <= count; i += 8) {
    for (size_t lane = 0; lane < 8; ++lane) sums[lane] += words[i + lane];
  }
  uint64_t sum = 0;
  for (const uint64_t part : sums) sum += part;
  return sum;
}

}  // namespace

double memory_gigabytes(int threads) {
  static const std::vector<uint64_t> kBuffer(kWords, 1);
  std::atomic<uint64_t> total{0};
  const size_t share = kWords / static_cast<size_t>(threads);
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> readers;
  for (int i = 0; i < threads; ++i) {
    readers.emplace_back([&, i] { total += sum_of(kBuffer.data() + static_cast<size_t>(i) * share, share); });
  }
  for (std::thread& reader : readers) reader.join();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  const auto bytes = static_cast<double>(total.load() * sizeof(uint64_t));  // every word is a one
  return bytes / seconds.count() * 1e-9;
}

}  // namespace kiloword::bench
