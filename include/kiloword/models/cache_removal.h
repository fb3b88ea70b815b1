#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "kiloword/models/hub_cache.h"
#include "kiloword/models/registry.h"
#include "kiloword/models/towers.h"

namespace kiloword {

/// A file, or a folder with all that is in it, and the bytes that its removal frees.
struct RemovedPath {
  std::filesystem::path path;
  uint64_t size_bytes = 0;
};

/// Age from which an unfinished download is taken for abandoned.
constexpr std::chrono::hours kLeftoverAge{1};

/// The paths to remove for `model` to be gone from `cache`: its snapshots, under any name of its repository,
/// refs to them, and blobs to which no other snapshot links; where it leaves no snapshot, the repository's
/// whole folder, an interrupted download included. Empty when the cache holds nothing of the model. Throws
/// Error(kModel) while a file of the model is being fetched, and where a folder cannot be read.
std::vector<RemovedPath> paths_of_model(const HubModel& model, const HubCache& cache);

/// What no program can use: in each repository of `cache` blobs, whole or not, to which no snapshot links.
/// Repositories in which something is being fetched, or has been written later than kLeftoverAge before
/// `now`, are passed over.
std::vector<RemovedPath> leftover_paths(const HubCache& cache, std::filesystem::file_time_type now);

/// The folder of the weights of `tower` that the user has installed. Throws Error(kModel) where they are not
/// on this machine, or came with kiloword.
std::vector<RemovedPath> paths_of_tower(const TowerPackage& tower);

/// Removes `paths`; missing ones are no error. Throws Error(kOutput).
void remove_paths(const std::vector<RemovedPath>& paths);

}  // namespace kiloword
