#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "kiloword/models/hub_cache.h"
#include "kiloword/models/hub_settings.h"
#include "kiloword/models/registry.h"

namespace kiloword {

/// A file of a model folder.
struct ModelFile {
  std::string name;
  uint64_t size_bytes = 0;
};

/// A model on disk; nothing of it has been loaded.
struct ModelEntry {
  /// Its name in records: the bundled model's or the registry's name, the repository, the folder's name, or
  /// the file's without its extension.
  std::string name;
  std::filesystem::path folder;  ///< of a model that is a single checkpoint file, that file
  bool bundled = false;
  bool is_language_model = false;           ///< by config.json's model_type; else an image/text encoder
  std::string description;                  ///< one line from kiloword.json, may be empty
  std::vector<std::string> default_labels;  ///< label sets or groups that fit the model, from kiloword.json
  std::optional<std::string> prompt;        ///< what texts of a language model begin with, from kiloword.json
  std::string languages;              ///< of its texts, from kiloword.json or the registry; may be empty
  std::string license;                ///< likewise
  std::string take_for;               ///< likewise: see HubModel
  std::vector<ModelFile> files;       ///< by name
  std::optional<HubModel> hub_model;  ///< of a model in the Hugging Face cache, what it was found by
  std::string note;  ///< what the user should know of the choice of kDefaultModel, a sentence; mostly empty
};

/// The name of the bundled model that fits this machine best.
constexpr const char* kDefaultModel = "default";

/// The bundled models: every folder of `models_folder` that holds a model's configuration, by name.
std::vector<ModelEntry> list_models(const std::filesystem::path& models_folder);

/// The folder called `name` among the bundled models; none when there is no such folder or `name` is a path.
std::optional<std::filesystem::path> bundled_folder(const std::string& name,
                                                    const std::filesystem::path& models_folder);

/// The model that `--model` or `--lm` means, by the first match among: kDefaultModel, which is the model in
/// the environment variable KILOWORD_MODEL, else lite, or nano with a note if lite's image tower is missing;
/// a bundled model's name; a folder that holds a model; a checkpoint file; a name of the registry, or
/// "owner/name[@revision]", that `cache` holds. Nothing is ever fetched. Throws Error(kModel) with the way to
/// get the model, or the known names.
ModelEntry find_model(const std::string& name, const std::filesystem::path& models_folder,
                      const HubCache& cache = HubCache(hub_cache_folder()));

/// The model that `name`, of the registry or "owner/name[@revision]", is on the hub. Throws
/// Error(kModel) with the known names when it is neither.
HubModel require_hub_model(const std::string& name, const std::filesystem::path& models_folder);

}  // namespace kiloword
