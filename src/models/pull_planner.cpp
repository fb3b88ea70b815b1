#include "models/pull_planner.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/models/hub_names.h"
#include "models/file_lists.h"
#include "models/limits.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

bool is_for_open_clip(const std::string& name) {
  return name.rfind("open_clip_", 0) == 0;
}

bool is_weight_choice(const FileChoice& choice) {
  return choice.alternatives.front().name == weight_files().front() && choice.alternatives.size() > 1;
}

}  // namespace

PullPlanner::PullPlanner(const HubModel& model, const HubCache& cache, HubClient& client,
                         std::function<void(const BlobTask&)> fetch)
    : model_(model), cache_(cache), client_(client), fetch_(std::move(fetch)) {}

std::vector<BlobTask> PullPlanner::plan() {
  for (const FileChoice& listed : model_.files) {
    FileChoice choice = listed;
    if (!model_.in_registry && is_weight_choice(choice)) {
      if (tasks_.empty()) break;  // no configuration: no use to look for more
      if (open_clip_decides()) {
        std::stable_partition(choice.alternatives.begin(), choice.alternatives.end(),
                              [](const RepositoryFile& file) { return is_for_open_clip(file.name); });
      }
    }
    if (!take(choice) && choice.required) {
      throw Error(
          ErrorKind::kModel,
          "the repository has no " + (choice.alternatives.size() == 1 ? choice.alternatives.front().name
                                                                      : "weights that can be read"),
          model_.repository,
          "kiloword reads safetensors and PyTorch files of CLIP, SigLIP, GPT-2, Pythia, Llama and Qwen "
          "models");
    }
  }
  const bool has_config = std::any_of(tasks_.begin(), tasks_.end(), [](const BlobTask& task) {
    const auto& names = config_files();
    return std::find(names.begin(), names.end(), task.file) != names.end();
  });
  if (!has_config) {
    throw Error(ErrorKind::kModel, "the repository has no config.json", model_.repository,
                "it does not hold a model in Hugging Face or OpenCLIP layout");
  }
  return tasks_;
}

std::vector<RepositoryFile> PullPlanner::preferred(const FileChoice& choice) const {
  std::vector<RepositoryFile> files = choice.alternatives;
  if (commit_.empty()) return files;
  const fs::path snapshot = cache_.snapshot(model_.repository, commit_);
  std::stable_partition(files.begin(), files.end(), [&snapshot](const RepositoryFile& file) {
    std::error_code ignored;
    return fs::exists(snapshot / file.name, ignored);
  });
  return files;
}

bool PullPlanner::take(const FileChoice& choice) {
  const std::vector<RepositoryFile> files = preferred(choice);
  return std::any_of(files.begin(), files.end(),
                     [this](const RepositoryFile& file) { return take_file(file); });
}

bool PullPlanner::take_file(const RepositoryFile& file) {
  const std::string& revision = commit_.empty() ? model_.revision : commit_;
  const std::optional<FileFacts> facts = client_.facts(model_.repository, revision, file.name);
  if (!facts) return false;
  const std::string place = model_.repository + "/" + file.name;
  if (commit_.empty()) commit_ = facts->commit;
  const bool is_pinned = is_commit(model_.revision);
  if (facts->commit != commit_ || (is_pinned && commit_ != model_.revision)) {
    throw Error(ErrorKind::kModel, "the server responded with a commit other than the requested one", place,
                "pull again");
  }
  const bool differs =
      (file.size_bytes && *file.size_bytes != facts->size_bytes) ||
      (!file.sha256.empty() && is_sha256(facts->blob_name) && facts->blob_name != file.sha256);
  if (differs) {
    throw Error(ErrorKind::kModel, "the hub's file differs from the registry's", place,
                "to use it anyway, pull " + model_.repository + "@" + model_.revision);
  }
  tasks_.push_back({model_.repository, file.name, *facts, file.sha256});
  if (is_weight_index(file.name)) take_shards(file.name);
  return true;
}

void PullPlanner::take_shards(const std::string& index) {
  const std::string json = content_of(tasks_.back());
  for (const std::string& shard : shards_of_index(json, model_.repository + "/" + index)) {
    if (take_file({shard, std::nullopt, ""})) continue;
    throw Error(ErrorKind::kModel, "the repository lacks a part of its weights",
                model_.repository + "/" + shard, "it cannot be used");
  }
}

std::string PullPlanner::content_of(const BlobTask& task) {
  if (task.facts.size_bytes > kMaxControlFileBytes) {
    throw Error(ErrorKind::kModel, "the file is too large for its kind", task.repository + "/" + task.file);
  }
  fetch_(task);
  return read_file(cache_.blob(task.repository, task.facts.blob_name), kMaxControlFileBytes,
                   ErrorKind::kModel);
}

bool PullPlanner::open_clip_decides() {
  const auto named = [this](const std::string& name) {
    return std::find_if(tasks_.begin(), tasks_.end(),
                        [&name](const BlobTask& task) { return task.file == name; });
  };
  if (named("open_clip_config.json") == tasks_.end()) return false;
  const auto config = named("config.json");
  if (config == tasks_.end()) return true;
  // Beside OpenCLIP's there may be a configuration of the image tower alone, as timm writes them: no model
  // that stands for both towers is without "model_type".
  const auto json = nlohmann::json::parse(content_of(*config), nullptr, /*allow_exceptions=*/false);
  if (json.is_object() && json.contains("model_type")) return false;
  tasks_.erase(config);
  return true;
}

}  // namespace kiloword
