#pragma once

#include <algorithm>
#include <thread>

namespace kiloword {

/// Number of cores to use: `requested`, or all of them for 0.
inline int thread_count(int requested) {
  return requested > 0 ? requested : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

}  // namespace kiloword
