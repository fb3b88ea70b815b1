#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/models/registry.h"

namespace kiloword {

/// The configuration files by which a model folder is recognised.
const std::vector<std::string>& config_files();

/// File names of weights, in order of preference; an index represents its shards.
const std::vector<std::string>& weight_files();

/// Small files that kiloword does not need, but other programs that share the cache do.
const std::vector<std::string>& companion_files();

/// The files to look for in an unknown repository; configuration and weights are required.
std::vector<FileChoice> usual_files();

/// Whether a folder without configuration may still be a model: one of sentence-transformers, with
/// modules.json, or one with a weights file.
bool holds_weights(const std::filesystem::path& folder);

/// Whether `name` is the index of sharded weights.
bool is_weight_index(std::string_view name);

/// The shards named in the weight index `json`, sorted. Throws Error(kModel) at `where` unless it is an index
/// whose shards are plain file names.
std::vector<std::string> shards_of_index(std::string_view json, const std::string& where);

/// Whether `folder` contains one of config_files().
bool holds_config(const std::filesystem::path& folder);

/// Whether `folder` contains all files that `model` needs, including every shard.
bool holds_model_files(const std::filesystem::path& folder, const HubModel& model);

}  // namespace kiloword
