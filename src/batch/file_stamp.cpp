#include "batch/file_stamp.h"

#include <algorithm>

namespace kiloword {

Nanoseconds time_in_ns(int64_t seconds, int64_t ns) {
  constexpr int64_t kYear0 = -62'167'219'200;
  constexpr int64_t kYear10000 = 253'402'300'800;
  return Nanoseconds{std::clamp(seconds, kYear0, kYear10000 - 1)} * 1'000'000'000 + ns;
}

std::optional<FileStamp> stamp_of(const struct stat& status) {
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  return FileStamp{static_cast<uint64_t>(status.st_size),
                   time_in_ns(status.st_mtim.tv_sec, status.st_mtim.tv_nsec)};
}

std::optional<FileStamp> stamp_of_file(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return stamp_of(status);
}

}  // namespace kiloword
