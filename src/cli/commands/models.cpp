#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/output.h"
#include "cli/table.h"
#include "kiloword/base/paths.h"
#include "kiloword/base/utf8.h"
#include "kiloword/clip/model_info.h"
#include "kiloword/lm/model_info.h"
#include "kiloword/models/model_store.h"

namespace kiloword::cli {
namespace {

using Json = nlohmann::ordered_json;

uint64_t total_bytes(const ModelEntry& model) {
  uint64_t bytes = 0;
  for (const ModelFile& file : model.files) bytes += file.size_bytes;
  return bytes;
}

std::string kind_of(const ModelEntry& model) {
  return model.is_language_model ? "language model" : "encoder";
}

Json summary_json(const ModelEntry& model) {
  Json json;
  json["name"] = to_valid_utf8(model.name);
  json["kind"] = kind_of(model);
  json["bundled"] = model.bundled;
  json["bytes"] = total_bytes(model);
  json["description"] = model.description;
  json["path"] = to_valid_utf8(model.folder.string());
  return json;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

int run_models_list(const ModelsListArguments& arguments) {
  std::vector<std::vector<std::string>> rows{{"NAME", "KIND", "SIZE", "DESCRIPTION"}};
  for (const ModelEntry& model : list_models(data_directory() / "models")) {
    if (arguments.format == Format::kJson) write_line(summary_json(model).dump());
    rows.push_back({model.name, kind_of(model), human_size(total_bytes(model)), model.description});
  }
  if (arguments.format == Format::kText) write_table(rows);
  return 0;
}

int run_models_info(const ModelsInfoArguments& arguments) {
  const ModelEntry model = find_model(arguments.model, data_directory() / "models");
  Json json = summary_json(model);
  std::vector<std::vector<std::string>> rows{
      {"model", model.name}, {"description", model.description}, {"folder", model.folder.string()}};
  if (model.is_language_model) {
    const LanguageModelInfo info = read_language_model_info(model.folder);
    json["network"] = info.network;
    json["context_length"] = info.context_length;
    rows.push_back({"network", info.network});
    rows.push_back({"context", std::to_string(info.context_length) + " tokens"});
  } else {
    const ClipModelInfo info = read_clip_model_info(model.folder);
    json["image_tower"] = info.image_tower;
    json["text_tower"] = info.text_tower;
    json["embedding_dim"] = info.embedding_dim;
    json["default_labels"] = model.default_labels;
    rows.push_back({"image tower", info.image_tower});
    rows.push_back({"text tower", info.text_tower});
    rows.push_back({"embedding", std::to_string(info.embedding_dim) + " values"});
    rows.push_back({"default labels", joined(model.default_labels)});
  }
  json["files"] = Json::array();
  for (const ModelFile& file : model.files) {
    json["files"].push_back({{"name", to_valid_utf8(file.name)}, {"bytes", file.size_bytes}});
    rows.push_back({"file", file.name + ", " + human_size(file.size_bytes)});
  }
  if (arguments.format == Format::kJson) {
    write_line(json.dump());
  } else {
    write_table(rows);
  }
  return 0;
}

}  // namespace kiloword::cli
