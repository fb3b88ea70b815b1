#pragma once

#include <string>

#include "kiloword/batch/batch_input.h"

namespace kiloword {

/// "2026-11-24T09:30:02.123456789Z" (RFC 3339) for a time in the years 0 to 9999.
std::string modified_time(Nanoseconds ns);

}  // namespace kiloword
