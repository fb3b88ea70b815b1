#pragma once

#include <functional>
#include <string>
#include <vector>

#include "kiloword/models/hub_cache.h"
#include "kiloword/models/registry.h"
#include "models/blob_download.h"
#include "models/hub_client.h"

namespace kiloword {

/// Finds out which files of a repository make up a model, all of one commit.
class PullPlanner {
 public:
  /// `fetch` is called for the small files whose content decides which others are needed.
  PullPlanner(const HubModel& model, const HubCache& cache, HubClient& client,
              std::function<void(const BlobTask&)> fetch);

  /// The files to fetch, configuration first. Throws Error(kModel) where the repository holds no model or its
  /// files are not what the registry says.
  std::vector<BlobTask> plan();

 private:
  /// Adds the first alternative that the repository has; of an index also its shards.
  bool take(const FileChoice& choice);
  bool take_file(const RepositoryFile& file);
  void take_shards(const std::string& index);
  std::string content_of(const BlobTask& task);
  /// Alternatives with those first that the cache holds already.
  std::vector<RepositoryFile> preferred(const FileChoice& choice) const;
  /// Whether OpenCLIP's configuration is the one that describes the repository.
  bool open_clip_decides();

  const HubModel& model_;
  const HubCache& cache_;
  HubClient& client_;
  std::function<void(const BlobTask&)> fetch_;
  std::string commit_;
  std::vector<BlobTask> tasks_;
};

}  // namespace kiloword
