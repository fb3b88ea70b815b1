#pragma once

#include <cstdint>

namespace kiloword {

/// Bytes that this process may still take: the system's available memory, and the rest of its control group's
/// limit (cgroup v2); 0 where neither can be read.
uint64_t available_memory_bytes();

}  // namespace kiloword
