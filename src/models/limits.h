#pragma once

#include <cstdint>

namespace kiloword {

/// The most that is read of a file that decides which others are needed: a configuration, an index of
/// weights.
constexpr uint64_t kMaxControlFileBytes = 16 << 20;

}  // namespace kiloword
