#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace kiloword {

/// Which tensors lie in which file of a checkpoint in several files.
using ShardIndex = std::map<std::string, std::vector<std::string>>;

/// Reads `*.index.json`: {"weight_map": {tensor: file}}. Files are plain names beside the index.
/// Throws Error(kModel) for what is ill-formed and for a name that leaves the folder.
ShardIndex read_shard_index(const std::filesystem::path& path);

}  // namespace kiloword
