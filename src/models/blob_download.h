#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "kiloword/models/hub_cache.h"
#include "models/hub_client.h"

namespace kiloword {

/// A file to fetch.
struct BlobTask {
  std::string repository;
  std::string file;
  FileFacts facts;
  std::string sha256;  ///< from the registry; empty: the blob's name, if it is a hash
};

/// Callbacks during a download.
struct BlobHooks {
  std::function<void()> waiting = [] {};  ///< another program is downloading the same blob
  /// `bytes` of the file are present, `kept` of them from an earlier pull.
  std::function<void(uint64_t bytes, uint64_t kept)> progress = [](uint64_t, uint64_t) {};
};

/// Number of bytes of a blob that an earlier pull left; the whole size if it is complete.
uint64_t bytes_here(const HubCache& cache, const BlobTask& task);

/// Downloads a blob into the cache, unless it is there. Under a lock, writes to NAME.incomplete, resuming an
/// earlier download, and renames it once length and hash are verified. Throws Error(kModel), Error(kOutput)
/// and PullStopped; keeps the received bytes for the next attempt unless they are wrong.
void download_blob(const BlobTask& task, HubClient& client, const HubCache& cache, const BlobHooks& hooks);

}  // namespace kiloword
