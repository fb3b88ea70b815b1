#include "image/quiet_stderr.h"

#include <cstdio>
#include <mutex>

namespace kiloword {
namespace {

std::mutex mutex;           // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): of what follows
int quiet_ones = 0;         // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
std::FILE* loud = nullptr;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

}  // namespace

// The GNU C library has its standard streams in variables that may be set.
QuietStderr::QuietStderr() {
  static std::FILE* const kNowhere = std::fopen("/dev/null", "we");
  const std::lock_guard<std::mutex> lock(mutex);
  if (quiet_ones++ > 0 || kNowhere == nullptr) return;
  loud = stderr;
  stderr = kNowhere;
}

QuietStderr::~QuietStderr() {
  const std::lock_guard<std::mutex> lock(mutex);
  if (--quiet_ones > 0 || loud == nullptr) return;
  stderr = loud;
  loud = nullptr;
}

}  // namespace kiloword
