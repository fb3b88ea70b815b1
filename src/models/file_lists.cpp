#include "models/file_lists.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/models/hub_names.h"
#include "models/limits.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxShards = 1000;

FileChoice one_of(const std::vector<std::string>& names, bool required) {
  FileChoice choice;
  choice.required = required;
  for (const std::string& name : names) choice.alternatives.push_back({name, std::nullopt, ""});
  return choice;
}

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

/// Whether the file is there; for an index also what it names.
bool holds_file(const fs::path& folder, const std::string& name) {
  if (!is_file(folder / name)) return false;
  if (!is_weight_index(name)) return true;
  try {
    const std::vector<std::string> shards = shards_of_index(
        read_file(folder / name, kMaxControlFileBytes, ErrorKind::kModel), (folder / name).string());
    return std::all_of(shards.begin(), shards.end(),
                       [&folder](const std::string& shard) { return is_file(folder / shard); });
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

const std::vector<std::string>& config_files() {
  static const std::vector<std::string> kNames{"config.json", "open_clip_config.json"};
  return kNames;
}

const std::vector<std::string>& weight_files() {
  static const std::vector<std::string> kNames{
      "model.safetensors", "model.safetensors.index.json", "open_clip_model.safetensors",
      "pytorch_model.bin", "pytorch_model.bin.index.json", "open_clip_pytorch_model.bin"};
  return kNames;
}

const std::vector<std::string>& companion_files() {
  static const std::vector<std::string> kNames{"tokenizer_config.json", "special_tokens_map.json",
                                               "added_tokens.json", "processor_config.json"};
  return kNames;
}

std::vector<FileChoice> usual_files() {
  std::vector<FileChoice> files;
  for (const std::string& name : config_files()) files.push_back(one_of({name}, /*required=*/false));
  files.push_back(one_of(weight_files(), /*required=*/true));
  for (const char* name :
       {"preprocessor_config.json", "vocab.json", "merges.txt", "tokenizer.json", "spiece.model",
        "tokenizer.model", "sentencepiece.bpe.model", "chat_template.jinja", "bpe_simple_vocab_16e6.txt.gz",
        "generation_config.json", "kiloword.json"}) {
    files.push_back(one_of({name}, /*required=*/false));
  }
  for (const std::string& name : companion_files()) files.push_back(one_of({name}, /*required=*/false));
  return files;
}

bool holds_weights(const fs::path& folder) {
  if (is_file(folder / "modules.json")) return true;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed)) {
    const std::string extension = entry.path().extension().string();
    for (const char* known : {".pt", ".pth", ".bin", ".safetensors"}) {
      if (extension == known) return true;
    }
  }
  return false;
}

bool is_weight_index(std::string_view name) {
  constexpr std::string_view kEnd = ".index.json";
  return name.size() > kEnd.size() && name.substr(name.size() - kEnd.size()) == kEnd;
}

std::vector<std::string> shards_of_index(std::string_view json, const std::string& where) {
  const auto index = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  const Error ill_formed(ErrorKind::kModel, "ill-formed index of weights", where);
  if (!index.is_object()) throw ill_formed;
  const auto map = index.find("weight_map");
  if (map == index.end() || !map->is_object() || map->empty()) throw ill_formed;
  std::set<std::string> shards;
  for (const auto& shard : *map) {
    if (!shard.is_string()) throw ill_formed;
    const auto name = shard.get<std::string>();
    if (!is_plain_file_name(name)) {
      throw Error(ErrorKind::kModel, "the index of weights names a file outside of the model", where);
    }
    shards.insert(name);
    if (shards.size() > kMaxShards) throw ill_formed;
  }
  return {shards.begin(), shards.end()};
}

bool holds_config(const fs::path& folder) {
  const auto& names = config_files();
  return std::any_of(names.begin(), names.end(),
                     [&folder](const std::string& name) { return is_file(folder / name); });
}

bool holds_model_files(const fs::path& folder, const HubModel& model) {
  return holds_config(folder) &&
         std::all_of(model.files.begin(), model.files.end(), [&folder](const FileChoice& choice) {
           return !choice.required || std::any_of(choice.alternatives.begin(), choice.alternatives.end(),
                                                  [&folder](const RepositoryFile& file) {
                                                    return holds_file(folder, file.name);
                                                  });
         });
}

}  // namespace kiloword
