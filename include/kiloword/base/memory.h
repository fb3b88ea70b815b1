#pragma once

#include <cstdint>

namespace kiloword {

/// Number of bytes that this process can still allocate: the system's available memory or the rest of its
/// control group's limit (cgroup v2), whichever is less; 0 if neither can be read.
uint64_t available_memory_bytes();

}  // namespace kiloword
