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
  std::string sha256;  ///< from the registry; empty: the blob's name counts where it is a hash
};

/// What is told while a blob is fetched.
struct BlobHooks {
  std::function<void()> waiting = [] {};  ///< another program fetches the same blob
  /// `bytes` of the file are here, of which an earlier pull had left `kept`.
  std::function<void(uint64_t bytes, uint64_t kept)> progress = [](uint64_t, uint64_t) {};
};

/// How much of a blob an earlier pull has left; the whole size where the blob is there.
uint64_t bytes_here(const HubCache& cache, const BlobTask& task);

/// Fetches a blob into the cache, unless it is there: under a lock, into NAME.incomplete, which it goes on
/// with where an earlier one stopped, checks length and hash, and only then gives it its name. Throws
/// Error(kModel, kOutput), PullStopped; what has come stays for the next time, except where it is wrong.
void download_blob(const BlobTask& task, HubClient& client, const HubCache& cache, const BlobHooks& hooks);

}  // namespace kiloword
