#include "kiloword/base/paths.h"

#include <dlfcn.h>

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

/// The file that this code is in: libkiloword.so, or the program.
fs::path own_file() {
  Dl_info info{};
  const bool known =
      ::dladdr(reinterpret_cast<const void*>(&own_file), &info) != 0 && info.dli_fname != nullptr;
  const fs::path file = known ? info.dli_fname : "";
  std::error_code failed;
  return file.filename().string().rfind("libkiloword.so", 0) == 0
             ? fs::canonical(file, failed)
             : fs::read_symlink("/proc/self/exe", failed);
}

/// The installation prefix, a few folders above bin/kiloword, lib/kiloword/kiloword-engine and
/// lib/ARCHITECTURE/libkiloword.so.
fs::path prefix() {
  constexpr int kMostFolders = 3;
  std::error_code failed;
  const fs::path folder = own_file().parent_path();
  fs::path candidate = folder.parent_path();
  for (int i = 0; i < kMostFolders; ++i, candidate = candidate.parent_path()) {
    if (fs::is_directory(candidate / "share" / "kiloword", failed)) return candidate;
  }
  return folder.parent_path();
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

fs::path user_configuration_directory() {
  return user_directory("XDG_CONFIG_HOME", ".config");
}

std::vector<fs::path> image_tower_files(const std::string& name) {
  std::vector<fs::path> files;
  for (const fs::path& folder : {user_data_directory(), data_directory()}) {
    if (!folder.empty()) files.push_back(folder / "towers" / name / (name + ".pth"));
  }
  return files;
}

}  // namespace kiloword
