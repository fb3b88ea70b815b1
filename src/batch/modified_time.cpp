#include "batch/modified_time.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace kiloword {

std::string modified_time(Nanoseconds ns) {
  constexpr Nanoseconds kPerSecond = 1'000'000'000;
  const Nanoseconds fraction = ((ns % kPerSecond) + kPerSecond) % kPerSecond;
  const auto seconds = static_cast<std::time_t>((ns - fraction) / kPerSecond);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%09dZ", utc.tm_year + 1900,
                utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, static_cast<int>(fraction));
  return text.data();
}

}  // namespace kiloword
