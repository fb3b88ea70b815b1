#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/models/registry.h"

namespace kiloword {

/// The files by which a folder is known to hold a model.
const std::vector<std::string>& config_files();

/// Names of weights in the order in which they are preferred; where there is an index, it stands for its
/// shards.
const std::vector<std::string>& weight_files();

/// Small files that kiloword can do without, but other programs that share the cache look for.
const std::vector<std::string>& companion_files();

/// What a repository may hold that nothing is known of: configuration and weights are required.
std::vector<FileChoice> usual_files();

/// Whether a folder without settings may be a model all the same: one of sentence-transformers, with its
/// modules.json, or one with a file of weights.
bool holds_weights(const std::filesystem::path& folder);

/// Whether `name` is an index of weights in several files.
bool is_weight_index(std::string_view name);

/// The names of the shards that the index of weights `json` names, sorted. Throws Error(kModel) at `where`
/// unless it is an index whose shards are plain file names.
std::vector<std::string> shards_of_index(std::string_view json, const std::string& where);

/// Whether `folder` holds one of the configurations.
bool holds_config(const std::filesystem::path& folder);

/// Whether `folder` holds everything that `model` needs; of weights in several files every one.
bool holds_model_files(const std::filesystem::path& folder, const HubModel& model);

}  // namespace kiloword
