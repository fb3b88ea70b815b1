#pragma once

#include <functional>
#include <string>
#include <vector>

#include "kiloword/models/hub_cache.h"
#include "kiloword/models/registry.h"
#include "models/blob_download.h"
#include "models/hub_client.h"

namespace kiloword {

/// Determines which files of a repository make up a model, all from one commit.
class PullPlanner {
 public:
  /// `fetch` downloads the small files whose content determines which others are needed.
  PullPlanner(const HubModel& model, const HubCache& cache, HubClient& client,
              std::function<void(const BlobTask&)> fetch);

  /// The files to download, configuration first. Throws Error(kModel) if the repository does not contain a
  /// model, or its files differ from the registry.
  std::vector<BlobTask> plan();

 private:
  /// Adds the first alternative that the repository has, and for an index also its shards.
  bool take(const FileChoice& choice);
  bool take_file(const RepositoryFile& file);
  void take_shards(const std::string& index);
  std::string content_of(const BlobTask& task);
  /// The alternatives, with cached ones first.
  std::vector<RepositoryFile> preferred(const FileChoice& choice) const;
  /// Whether OpenCLIP's configuration takes precedence for this repository.
  bool open_clip_decides();

  const HubModel& model_;
  const HubCache& cache_;
  HubClient& client_;
  std::function<void(const BlobTask&)> fetch_;
  std::string commit_;
  std::vector<BlobTask> tasks_;
};

}  // namespace kiloword
