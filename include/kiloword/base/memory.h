#pragma once

#include <cstdint>

namespace kiloword {

/// Bytes that this process may still take: what the system has available, and what its control group leaves
/// (cgroup v2); 0 where neither can be read.
uint64_t available_memory_bytes();

}  // namespace kiloword
