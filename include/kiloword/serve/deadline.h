#pragma once

#include <chrono>

namespace kiloword {

/// When a request must have its answer.
using Deadline = std::chrono::steady_clock::time_point;

}  // namespace kiloword
