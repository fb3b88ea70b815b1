#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "kiloword/base/thread_count.h"

namespace kiloword {

/// Calls `work` with 0, 1, ... `count` - 1, each once, from `threads` threads (0: all cores).
/// Rethrows an exception from a call once all calls have ended.
inline void for_each_part(size_t count, int threads, const std::function<void(size_t)>& work) {
  std::atomic<size_t> next{0};
  std::exception_ptr failure;
  std::mutex mutex;
  const auto take_parts = [&] {
    try {
      for (size_t part = next++; part < count; part = next++) work(part);
    } catch (...) {
      next = count;
      const std::lock_guard<std::mutex> lock(mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  std::vector<std::thread> others;
  try {
    for (int i = 1; i < thread_count(threads) && static_cast<size_t>(i) < count; ++i)
      others.emplace_back(take_parts);
  } catch (const std::system_error&) {
    // The threads that did start, and this one, do all the work.
  }
  take_parts();
  for (std::thread& thread : others) thread.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace kiloword
