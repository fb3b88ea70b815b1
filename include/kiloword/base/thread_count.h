#pragma once

#include <algorithm>
#include <thread>

namespace kiloword {

/// Cores to use: `requested`, or all there are for 0.
inline int thread_count(int requested) {
  return requested > 0 ? requested : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

}  // namespace kiloword
