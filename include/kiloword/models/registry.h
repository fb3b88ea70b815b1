#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// A file of a repository, with its known properties.
struct RepositoryFile {
  std::string name;
  std::optional<uint64_t> size_bytes;
  std::string sha256;  ///< 64 hexadecimal digits; empty: the hub's own word counts
};

/// Files of which one is enough: the first that the repository has.
struct FileChoice {
  std::vector<RepositoryFile> alternatives;
  bool required = true;
};

/// A model in a repository of the hub, as far as it is known without asking the hub.
struct HubModel {
  std::string name;  ///< the user's name for it: a name of the registry, or the repository
  bool in_registry = false;
  bool is_language_model = false;  ///< known for models of the registry only
  std::string repository;
  std::vector<std::string> former_repositories;  ///< earlier names, under which a cache may hold it
  std::string revision = "main";
  std::string license;          ///< of models of the registry
  std::string description;      ///< what it is good for; of models of the registry
  std::string languages;        ///< of its texts ("English"), where the registry tells
  std::string take_for;         ///< what it is the one to take for ("many languages"); mostly empty
  std::string images;           ///< of an encoder ("224 x 224 px"), where the registry tells
  uint64_t context_length = 0;  ///< tokens of a text; 0: the registry does not tell
  uint64_t about_bytes = 0;     ///< the size of a download, roughly; 0: unknown
  std::vector<FileChoice> files;
};

/// The models of `models_folder`/registry.json, in its order; none where there is no such file. Throws
/// Error(kModel) where the file does not match exactly.
std::vector<HubModel> read_registry(const std::filesystem::path& models_folder);

/// The same for the text of a registry; `where` is named in errors.
std::vector<HubModel> parse_registry(std::string_view json, const std::string& where);

/// A repository that the registry does not know: whichever of the usual files of a model it has.
HubModel unregistered_model(const std::string& repository, const std::string& revision);

/// The model that `name` means: a name of the registry, or "owner/name[@revision]"; none when it is neither.
std::optional<HubModel> find_hub_model(const std::string& name, const std::vector<HubModel>& registry);

}  // namespace kiloword
