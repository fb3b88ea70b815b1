#include "kiloword/models/model_store.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/utf8.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMaxSettingsBytes = 1 << 20;

/// Label sets for models that name none of their own: the general sets, for networks trained on the whole
/// web.
const std::vector<std::string>& general_label_sets() {
  static const std::vector<std::string> kSets{"medium", "scene", "objects", "people"};
  return kSets;
}

/// What config.json says of the kind of model; whether the rest of it makes sense is for who loads it to say.
bool names_language_model(const fs::path& config) {
  const auto json = nlohmann::json::parse(read_file(config, kMaxSettingsBytes, ErrorKind::kModel), nullptr,
                                          /*allow_exceptions=*/false);
  return json.is_object() && json.value("model_type", nlohmann::json()) == "gpt2";
}

void read_settings(ModelEntry& model) {
  const fs::path path = model.folder / "kiloword.json";
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return;
  const auto settings = nlohmann::json::parse(read_file(path, kMaxSettingsBytes, ErrorKind::kModel), nullptr,
                                              /*allow_exceptions=*/false);
  const Error ill_formed(ErrorKind::kModel, "ill-formed model settings", path.string(),
                         "it must be a JSON object with \"description\" (text), \"default_labels\" (list of "
                         "texts) and \"prompt\" (text)");
  if (!settings.is_object()) throw ill_formed;
  if (const auto found = settings.find("description"); found != settings.end()) {
    if (!found->is_string()) throw ill_formed;
    model.description = printable(found->get<std::string>());
  }
  if (const auto found = settings.find("prompt"); found != settings.end()) {
    if (!found->is_string()) throw ill_formed;
    model.prompt = found->get<std::string>();
  }
  if (const auto found = settings.find("default_labels"); found != settings.end()) {
    if (!found->is_array()) throw ill_formed;
    model.default_labels.clear();
    for (const auto& name : *found) {
      if (!name.is_string()) throw ill_formed;
      model.default_labels.push_back(name.get<std::string>());
    }
  }
}

ModelEntry read_model(const fs::path& folder, bool bundled) {
  ModelEntry model;
  const fs::path clean = fs::absolute(folder).lexically_normal();
  model.name = clean.has_filename() ? clean.filename().string() : clean.parent_path().filename().string();
  model.folder = folder;
  model.bundled = bundled;
  model.is_language_model = names_language_model(folder / "config.json");
  model.default_labels = general_label_sets();
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    std::error_code no_size;
    const uintmax_t size = fs::file_size(entry.path(), no_size);
    if (!no_size) model.files.push_back({entry.path().filename().string(), size});
  }
  std::sort(model.files.begin(), model.files.end(),
            [](const ModelFile& a, const ModelFile& b) { return a.name < b.name; });
  read_settings(model);
  return model;
}

bool holds_model(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_regular_file(folder / "config.json", ignored);
}

/// "bundled models: nano, ..."; where there should be some if there are none.
std::string what_is_bundled(const fs::path& models_folder) {
  std::string names;
  for (const ModelEntry& model : list_models(models_folder))
    names += (names.empty() ? "" : ", ") + model.name;
  return names.empty() ? "none is bundled in " + models_folder.string() : "bundled models: " + names;
}

}  // namespace

std::vector<ModelEntry> list_models(const fs::path& models_folder) {
  std::vector<ModelEntry> models;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(models_folder, failed)) {
    if (holds_model(entry.path())) models.push_back(read_model(entry.path(), /*bundled=*/true));
  }
  std::sort(models.begin(), models.end(),
            [](const ModelEntry& a, const ModelEntry& b) { return a.name < b.name; });
  return models;
}

std::optional<fs::path> bundled_folder(const std::string& name, const fs::path& models_folder) {
  if (name.empty() || name[0] == '.' || name.find('/') != std::string::npos) return std::nullopt;
  const fs::path folder = models_folder / name;
  std::error_code ignored;
  return fs::is_directory(folder, ignored) ? std::optional(folder) : std::nullopt;
}

ModelEntry find_model(const std::string& name_or_folder, const fs::path& models_folder) {
  const std::optional<fs::path> bundled = bundled_folder(name_or_folder, models_folder);
  if (bundled && holds_model(*bundled)) return read_model(*bundled, /*bundled=*/true);
  std::error_code ignored;
  if (fs::is_directory(name_or_folder, ignored)) {
    if (holds_model(name_or_folder)) return read_model(name_or_folder, /*bundled=*/false);
    throw Error(ErrorKind::kModel, "no config.json in the model folder", name_or_folder,
                "give a folder in Hugging Face layout");
  }
  throw Error(ErrorKind::kModel, "unknown model '" + name_or_folder + "'", "",
              what_is_bundled(models_folder) + "; or give a folder in Hugging Face layout");
}

}  // namespace kiloword
