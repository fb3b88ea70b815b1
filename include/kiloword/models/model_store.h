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

/// A model on disk, not loaded.
struct ModelEntry {
  /// Name in records: of a bundled or registered model, its name there; otherwise the repository, the folder
  /// name, or the file name without extension.
  std::string name;
  std::filesystem::path folder;  ///< or the file, if the model is a single checkpoint
  bool bundled = false;
  bool is_language_model = false;  ///< by model_type in config.json; else an image/text encoder
  std::string description;         ///< one line from kiloword.json, may be empty
  /// Label sets or groups that fit the model, from kiloword.json.
  std::vector<std::string> default_labels;
  std::optional<std::string> prompt;  ///< prompt of a language model, from kiloword.json
  std::string languages;              ///< of texts, from kiloword.json or the registry; may be empty
  std::string license;                ///< likewise
  std::string take_for;               ///< likewise; see HubModel
  std::vector<ModelFile> files;       ///< by name
  std::optional<HubModel> hub_model;  ///< of a model in the Hugging Face cache, the reference that found it
  /// A sentence for the user about the choice of kDefaultModel; usually empty.
  std::string note;
};

/// Name of the bundled model that fits this machine best.
constexpr const char* kDefaultModel = "default";

/// The bundled models, sorted by name: every folder of `models_folder` with a model configuration.
std::vector<ModelEntry> list_models(const std::filesystem::path& models_folder);

/// The folder of the bundled model `name`; none if there is no such folder or `name` is a path.
std::optional<std::filesystem::path> bundled_folder(const std::string& name,
                                                    const std::filesystem::path& models_folder);

/// Resolves an argument of `--model` or `--lm`. The first match among: kDefaultModel, which is the model in
/// the environment variable KILOWORD_MODEL, else lite, or nano with a note if lite's image tower is missing;
/// the name of a bundled model; a model folder; a checkpoint file; a name in the registry or
/// "owner/name[@revision]", if `cache` has it. Never downloads anything. Throws Error(kModel) with the way to
/// get the model, or the known names.
ModelEntry find_model(const std::string& name, const std::filesystem::path& models_folder,
                      const HubCache& cache = HubCache(hub_cache_folder()));

/// The hub model for `name`, which is in the registry or "owner/name[@revision]". Throws Error(kModel) with
/// the known names if it is neither.
HubModel require_hub_model(const std::string& name, const std::filesystem::path& models_folder);

}  // namespace kiloword
