#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "kiloword/models/registry.h"

namespace kiloword {

/// The Hugging Face cache, in the layout of huggingface_hub, shared with other programs:
///
///     models--owner--name/blobs/<hash>             the content of a file
///     models--owner--name/snapshots/<commit>/file  a link to a blob
///     models--owner--name/refs/main                a commit
///     .locks/models--owner--name/<hash>.lock       held while a blob is written
class HubCache {
 public:
  /// The folder need not exist yet; with an empty path, nothing is found.
  explicit HubCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path repository_folder(const std::string& repository) const;
  std::filesystem::path blob(const std::string& repository, const std::string& name) const;
  std::filesystem::path lock_file(const std::string& repository, const std::string& blob_name) const;
  std::filesystem::path snapshot(const std::string& repository, const std::string& commit) const;

  /// The commit of `revision` as of its last download; none if unknown. A commit hash is returned as it is.
  std::optional<std::string> commit_of(const std::string& repository, const std::string& revision) const;

  /// The complete snapshot of `model` in the cache, under any of its repository's names; for a model of the
  /// registry, also that of "main" if its own revision is not cached.
  std::optional<std::filesystem::path> find_snapshot(const HubModel& model) const;
  /// Whether there is a snapshot of the revision of `model`, complete or not.
  bool has_part_of(const HubModel& model) const;

  /// Atomically makes `file` of a snapshot a link to a blob, replacing any existing file. Throws
  /// Error(kOutput).
  void link_file(const std::string& repository, const std::string& commit, const std::string& file,
                 const std::string& blob_name) const;

  /// Records `commit` for `revision`, unless that is the commit itself. Throws Error(kOutput).
  void write_ref(const std::string& repository, const std::string& revision, const std::string& commit) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace kiloword
