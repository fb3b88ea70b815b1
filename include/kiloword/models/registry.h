#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// A file in a repository, and its known properties.
struct RepositoryFile {
  std::string name;
  std::optional<uint64_t> size_bytes;
  std::string sha256;  ///< 64 hexadecimal digits; empty: the hub's hash is trusted
};

/// Alternatives, of which one is enough: the first that the repository has.
struct FileChoice {
  std::vector<RepositoryFile> alternatives;
  bool required = true;
};

/// What is known about a model on the hub without asking the hub.
struct HubModel {
  std::string name;  ///< name in the registry, or the repository
  bool in_registry = false;
  bool is_language_model = false;  ///< known only for models of the registry
  std::string repository;
  std::vector<std::string> former_repositories;  ///< earlier names, under which it may be cached
  std::string revision = "main";
  std::string license;          ///< of a registered model
  std::string description;      ///< strengths; of a registered model
  std::string languages;        ///< of texts ("English"); empty: unknown
  std::string take_for;         ///< recommended use ("many languages"); usually empty
  std::string images;           ///< input of an encoder ("224 x 224 px"); empty: unknown
  uint64_t context_length = 0;  ///< maximum tokens of a text; 0: unknown
  uint64_t about_bytes = 0;     ///< approximate download size; 0: unknown
  std::vector<FileChoice> files;
};

/// The models in `models_folder`/registry.json, in file order; none if there is no such file. Throws
/// Error(kModel) for a file that does not match the schema exactly.
std::vector<HubModel> read_registry(const std::filesystem::path& models_folder);

/// Parses the content of a registry file; errors name `where`.
std::vector<HubModel> parse_registry(std::string_view json, const std::string& where);

/// A model that is not in the registry: whichever of the usual model files the repository has.
HubModel unregistered_model(const std::string& repository, const std::string& revision);

/// The model for `name`, which is in the registry or "owner/name[@revision]"; none if it is neither.
std::optional<HubModel> find_hub_model(const std::string& name, const std::vector<HubModel>& registry);

}  // namespace kiloword
