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

/// The installation prefix, above bin/kiloword and lib/kiloword/kiloword-engine.
fs::path prefix() {
  std::error_code failed;
  const fs::path folder = fs::read_symlink("/proc/self/exe", failed).parent_path();
  const bool is_private = folder.filename() == "kiloword" && folder.parent_path().filename() == "lib";
  return is_private ? folder.parent_path().parent_path() : folder.parent_path();
}

/// The folder that `variable` names, else `below_home`, with kiloword's part.
fs::path user_directory(const char* variable, const char* below_home) {
  const fs::path xdg = environment_path(variable);
  if (xdg.is_absolute()) return xdg / "kiloword";
  const fs::path home = environment_path("HOME");
  return home.is_absolute() ? home / below_home / "kiloword" : fs::path();
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
  return user_directory("XDG_CACHE_HOME", ".cache");
}

fs::path user_data_directory() {
  return user_directory("XDG_DATA_HOME", ".local/share");
}

std::vector<fs::path> image_tower_files(const std::string& name) {
  std::vector<fs::path> files;
  for (const fs::path& folder : {user_data_directory(), data_directory()}) {
    if (!folder.empty()) files.push_back(folder / "towers" / name / (name + ".pth"));
  }
  return files;
}

}  // namespace kiloword
