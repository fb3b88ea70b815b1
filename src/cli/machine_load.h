#pragma once

#include <string>

namespace kiloword::cli {

/// Whether more threads want to run than there are cores, now or in the mean of the last minute. `loadavg`:
/// the content of Linux's /proc/loadavg, "0.20 0.18 0.12 1/80 11206"; anything else is an idle machine.
bool is_busy(const std::string& loadavg, unsigned cores);

}  // namespace kiloword::cli
