#pragma once

#include <string>

namespace kiloword::cli {

/// Whether there are more runnable threads than cores, now or on average over the last minute. `loadavg`: the
/// content of Linux's /proc/loadavg, "0.20 0.18 0.12 1/80 11206"; anything else means idle.
bool is_busy(const std::string& loadavg, unsigned cores);

}  // namespace kiloword::cli
