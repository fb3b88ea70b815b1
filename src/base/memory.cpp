#include "kiloword/base/memory.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <string>

namespace kiloword {
namespace {

/// MemAvailable of /proc/meminfo, which is in KiB (proc(5)).
std::optional<uint64_t> system_bytes() {
  std::ifstream file("/proc/meminfo");
  for (std::string name; file >> name;) {
    uint64_t kibibytes = 0;
    if (name == "MemAvailable:" && file >> kibibytes) return kibibytes << 10U;
    file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return std::nullopt;
}

std::optional<uint64_t> number_in(const std::string& path) {
  std::ifstream file(path);
  uint64_t number = 0;
  return file >> number ? std::optional<uint64_t>(number) : std::nullopt;  // "max": no number
}

/// What the limits of this process's control group and of those above it leave.
std::optional<uint64_t> group_bytes() {
  std::ifstream file("/proc/self/cgroup");
  std::string group;
  while (std::getline(file, group) && group.rfind("0::", 0) != 0) group.clear();
  if (group.empty()) return std::nullopt;
  group.erase(0, 3);
  std::optional<uint64_t> least;
  for (;; group.erase(group.find_last_of('/'))) {
    const std::string folder = "/sys/fs/cgroup" + group;
    const auto limit = number_in(folder + "/memory.max");
    const auto used = number_in(folder + "/memory.current");
    if (limit && used) {
      const uint64_t left = *limit > *used ? *limit - *used : 0;
      least = std::min(least.value_or(left), left);
    }
    if (group.find('/') == std::string::npos) return least;
  }
}

}  // namespace

uint64_t available_memory_bytes() {
  const auto system = system_bytes();
  const auto group = group_bytes();
  if (system && group) return std::min(*system, *group);
  return system.value_or(group.value_or(0));
}

}  // namespace kiloword
