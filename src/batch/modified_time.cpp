#include "batch/modified_time.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace kiloword {

std::string modified_time(int64_t ns) {
  constexpr int64_t kPerSecond = 1'000'000'000;
  const int64_t fraction = ((ns % kPerSecond) + kPerSecond) % kPerSecond;
  const std::time_t seconds = (ns - fraction) / kPerSecond;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, 64> text{};
  const size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(text.data() + length, text.size() - length, ".%09dZ", static_cast<int>(fraction));
  return text.data();
}

}  // namespace kiloword
