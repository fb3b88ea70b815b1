#include "kiloword/base/paths.h"

#include <cstdlib>
#include <string>
#include <system_error>

namespace kiloword {
namespace {

namespace fs = std::filesystem;

fs::path environment_path(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? fs::path() : fs::path(value);
}

/// The folder above the one of the running program: the installation prefix.
fs::path prefix() {
  std::error_code failed;
  return fs::read_symlink("/proc/self/exe", failed).parent_path().parent_path();
}

}  // namespace

fs::path data_directory() {
  const fs::path chosen = environment_path("KILOWORD_DATA");
  return chosen.empty() ? prefix() / "share" / "kiloword" : chosen;
}

fs::path plugin_directory() {
  return prefix() / "lib" / "kiloword";
}

fs::path cache_directory() {
  const fs::path xdg = environment_path("XDG_CACHE_HOME");
  if (xdg.is_absolute()) return xdg / "kiloword";
  const fs::path home = environment_path("HOME");
  return home.is_absolute() ? home / ".cache" / "kiloword" : fs::path();
}

}  // namespace kiloword
