#pragma once

#include <cstdint>

namespace kiloword {

/// Maximum size of files that determine which others are needed: configurations and weight indexes.
constexpr uint64_t kMaxControlFileBytes = 16 << 20;

}  // namespace kiloword
