#include "cli/machine_load.h"

#include <sstream>

namespace kiloword::cli {

bool is_busy(const std::string& loadavg, unsigned cores) {
  std::istringstream fields(loadavg);
  double last_minute = 0;
  double five_minutes = 0;
  double quarter_hour = 0;
  unsigned running = 0;  // this program among them
  if (!(fields >> last_minute >> five_minutes >> quarter_hour >> running)) return false;
  return last_minute > cores || running > cores;
}

}  // namespace kiloword::cli
