#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "kiloword/models/hub_cache.h"
#include "kiloword/models/registry.h"
#include "kiloword/models/towers.h"

namespace kiloword {

/// A file, or a folder with its content, and the bytes that removing it frees.
struct RemovedPath {
  std::filesystem::path path;
  uint64_t size_bytes = 0;
};

/// Age at which an unfinished download counts as abandoned.
constexpr std::chrono::hours kLeftoverAge{1};

/// The paths to remove from `cache` so that nothing of `model` is left: its snapshots under any name of its
/// repository, refs to them, and blobs that no other snapshot links to. If no other snapshot remains, the
/// repository's whole folder, including interrupted downloads. Empty if the cache has nothing of the model.
/// Throws Error(kModel) while a file of the model is being downloaded, or if a folder cannot be read.
std::vector<RemovedPath> paths_of_model(const HubModel& model, const HubCache& cache);

/// Leftovers that no program can use: the blobs, complete or not, in each repository of `cache` that no
/// snapshot links to, or the whole repository if it has no snapshots. Skips repositories with a download in
/// progress or written within kLeftoverAge before `now`. Throws Error(kModel) if a folder cannot be read.
std::vector<RemovedPath> leftover_paths(const HubCache& cache, std::filesystem::file_time_type now);

/// The folder of the weights of `tower` that the user installed. Throws Error(kModel) if they are not
/// installed, or came with kiloword.
std::vector<RemovedPath> paths_of_tower(const TowerPackage& tower);

/// Removes `paths`; missing ones are ignored. Throws Error(kOutput).
void remove_paths(const std::vector<RemovedPath>& paths);

}  // namespace kiloword
