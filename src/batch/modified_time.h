#pragma once

#include <cstdint>
#include <string>

namespace kiloword {

/// "2026-11-24T09:30:02.123456789Z" (RFC 3339) for nanoseconds since 1970-01-01 UTC.
std::string modified_time(int64_t ns);

}  // namespace kiloword
