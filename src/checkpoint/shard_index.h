#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace kiloword {

/// The tensors in each file of a sharded checkpoint.
using ShardIndex = std::map<std::string, std::vector<std::string>>;

/// Reads `*.index.json`: {"weight_map": {tensor: file}}. Files are plain names beside the index. Throws
/// Error(kModel) for a malformed index and for a name outside the folder.
ShardIndex read_shard_index(const std::filesystem::path& path);

}  // namespace kiloword
