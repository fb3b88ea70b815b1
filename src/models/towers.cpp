#include "kiloword/models/towers.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/paths.h"
#include "kiloword/models/hub_names.h"
#include "models/file_hash.h"
#include "models/limits.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

TowerPackage read_tower(const Json& json, const Error& ill_formed) {
  constexpr size_t kKeys = 8;
  if (!json.is_object() || json.size() != kKeys) throw ill_formed;
  const auto text = [&](const char* key) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_string()) throw ill_formed;
    return found->get<std::string>();
  };
  TowerPackage tower;
  tower.name = text("name");
  tower.package = text("package");
  tower.version = text("version");
  tower.license = text("license");
  tower.wheel_sha256 = text("wheel_sha256");
  tower.file = text("file");
  tower.sha256 = text("sha256");
  const auto bytes = json.find("bytes");
  if (bytes == json.end() || !bytes->is_number_unsigned()) throw ill_formed;
  tower.size_bytes = bytes->get<uint64_t>();
  const bool names = is_plain_file_name(tower.name) && is_plain_file_name(tower.file) &&
                     is_plain_file_name(tower.package) && is_plain_file_name(tower.version) &&
                     is_plain_file_name(tower.license);
  if (!names || !is_sha256(tower.wheel_sha256) || !is_sha256(tower.sha256)) throw ill_formed;
  return tower;
}

}  // namespace

std::vector<TowerPackage> parse_towers(std::string_view json, const std::string& where) {
  const Error ill_formed(ErrorKind::kModel, "ill-formed list of image towers", where,
                         "install kiloword again");
  const Json file = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!file.is_object() || file.size() != 2 || file.value("schema", Json()) != 1) throw ill_formed;
  const auto list = file.find("towers");
  if (list == file.end() || !list->is_array()) throw ill_formed;
  std::vector<TowerPackage> towers;
  for (const Json& entry : *list) {
    towers.push_back(read_tower(entry, ill_formed));
    for (size_t i = 0; i + 1 < towers.size(); ++i) {
      if (towers[i].name == towers.back().name) throw ill_formed;
    }
  }
  return towers;
}

std::vector<TowerPackage> read_towers(const fs::path& models_folder) {
  const fs::path path = models_folder / "towers.json";
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return {};
  return parse_towers(read_file(path, kMaxControlFileBytes, ErrorKind::kModel), path.string());
}

std::optional<TowerPackage> find_tower(const std::string& name, const std::vector<TowerPackage>& towers) {
  const auto found = std::find_if(towers.begin(), towers.end(),
                                  [&name](const TowerPackage& tower) { return tower.name == name; });
  return found == towers.end() ? std::nullopt : std::optional(*found);
}

std::optional<fs::path> installed_tower(const TowerPackage& tower) {
  for (const fs::path& file : image_tower_files(tower.name)) {
    std::error_code ignored;
    if (fs::exists(file, ignored)) return file;
  }
  return std::nullopt;
}

bool is_intact(const TowerPackage& tower, const fs::path& weights) {
  std::error_code ignored;
  return fs::file_size(weights, ignored) == tower.size_bytes &&
         hash_file(weights, HashKind::kSha256) == tower.sha256;
}

}  // namespace kiloword
