#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace kiloword {

/// A file of a model folder.
struct ModelFile {
  std::string name;
  uint64_t size_bytes = 0;
};

/// A model folder as it lies on disk; nothing of it has been loaded.
struct ModelEntry {
  std::string name;  ///< what records call it: the bundled model's name, or the folder's
  std::filesystem::path folder;
  bool bundled = false;
  bool is_language_model = false;           ///< by config.json's model_type; else an image/text encoder
  std::string description;                  ///< one line from kiloword.json, may be empty
  std::vector<std::string> default_labels;  ///< label sets or groups that fit the model, from kiloword.json
  std::optional<std::string> prompt;        ///< what texts of a language model begin with, from kiloword.json
  std::vector<ModelFile> files;             ///< by name
};

/// The bundled models: every folder of `models_folder` that holds a config.json, by name.
std::vector<ModelEntry> list_models(const std::filesystem::path& models_folder);

/// The folder called `name` among the bundled models; none when there is no such folder or `name` is a path.
std::optional<std::filesystem::path> bundled_folder(const std::string& name,
                                                    const std::filesystem::path& models_folder);

/// The model that `--model` means: a bundled model's name, or a folder. Throws Error(kModel) that says which
/// names there are when it is neither.
ModelEntry find_model(const std::string& name_or_folder, const std::filesystem::path& models_folder);

}  // namespace kiloword
