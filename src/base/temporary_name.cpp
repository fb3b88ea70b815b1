#include "base/temporary_name.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <random>
#include <string_view>
#include <system_error>
#include <unordered_set>

#include "kiloword/base/atomic_file.h"
#include "kiloword/base/descriptor.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMark = ".kiloword-";
constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr size_t kRandomLetters = 8;
constexpr size_t kMaxNameBytes = 255;

/// Two letters and two digits at least: no word and no date that somebody has chosen.
bool is_random(std::string_view end) {
  const auto digits = std::count_if(end.begin(), end.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits >= 2 && static_cast<size_t>(digits) + 2 <= end.size();
}

bool is_temporary_name(std::string_view name) {
  if (name.size() <= kMark.size() + kRandomLetters) return false;
  const std::string_view end = name.substr(name.size() - kRandomLetters);
  const size_t mark = name.size() - kRandomLetters - kMark.size();
  return name.substr(mark, kMark.size()) == kMark &&
         end.find_first_not_of(kLetters) == std::string_view::npos && is_random(end);
}

/// The process that writes a temporary file holds its lock, as long as it lives.
void remove_if_left(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return;
  if (lock_file(file.get())) ::unlink(path.c_str());
}

bool first_time(const fs::path& folder) {
  static std::mutex mutex;
  static std::unordered_set<std::string> seen;
  std::error_code failed;
  const fs::path place = fs::canonical(folder, failed);
  const std::lock_guard<std::mutex> lock(mutex);
  return !failed && seen.insert(place.string()).second;
}

}  // namespace

fs::path temporary_name(const fs::path& path) {
  static std::mutex mutex;
  static std::random_device source;
  std::string name = path.filename().string();
  name.resize(std::min(name.size(), kMaxNameBytes - kMark.size() - kRandomLetters));
  name += kMark;
  const std::lock_guard<std::mutex> lock(mutex);
  std::string end(kRandomLetters, '\0');
  while (!is_random(end)) {
    for (char& letter : end) letter = kLetters[source() % kLetters.size()];
  }
  return path.parent_path() / (name + end);
}

void remove_left_temporaries(const fs::path& folder) {
  const fs::path place = folder.empty() ? fs::path(".") : folder;
  if (!first_time(place)) return;
  std::error_code failed;
  for (fs::directory_iterator entry(place, failed), end; !failed && entry != end; entry.increment(failed)) {
    if (is_temporary_name(entry->path().filename().string())) remove_if_left(entry->path());
  }
}

}  // namespace kiloword
