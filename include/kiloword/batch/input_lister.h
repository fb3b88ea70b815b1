#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kiloword/batch/batch_input.h"
#include "kiloword/batch/left_out.h"
#include "kiloword/batch/name_filter.h"
#include "kiloword/batch/shard.h"

namespace kiloword {

class FolderWatch;

/// Where to look for the inputs of a batch.
struct ListingOptions {
  std::vector<std::string> inputs;     ///< files, folders, archives, "-" for an image on standard input
  std::vector<std::string> tars;       ///< archives regardless of their names, pipes too; "-": standard input
  std::string files_from;              ///< a list with a path a line; "-": standard input; empty: none
  std::string files0_from;             ///< likewise, each path ended by a NUL byte
  NameFilter filter;                   ///< for folders and archives
  std::shared_ptr<FolderWatch> watch;  ///< files that arrive, after all others; null: none
  Shard shard;
  /// Only names are needed: no file is inspected and no member of an archive read.
  bool names_only = false;
  /// Only files are needed: an archive itself instead of its members; none is inspected.
  bool files_only = false;
};

/// What a listing has found so far. With shards by input, archives of other shards are not read: `all` and
/// `checksum` are of files.
struct ListingCount {
  uint64_t all = 0;       ///< inputs of every shard
  uint64_t in_shard = 0;  ///< inputs of this shard
  uint64_t checksum = 0;  ///< of the paths of every shard, whatever their order
};

/// Lists the inputs that the arguments and lists name, in that order: folders recursively (see NameFilter),
/// archives member by member, everything else as it is. An input known to be unreadable comes with its
/// error.
class InputLister : public InputSource {
 public:
  /// Opens the lists. Throws Error(kInput) when one cannot be opened.
  explicit InputLister(ListingOptions options);
  ~InputLister() override;

  /// `wanted` is called before an input is returned (and the content of a member read); an unwanted input is
  /// counted and skipped.
  void set_wanted(std::function<bool(const BatchInput&)> wanted) { wanted_ = std::move(wanted); }

  /// Throws Error(kInput) if the rest of a list cannot be read.
  std::optional<BatchInput> next() override;

  /// May be called from any thread.
  ListingCount count() const;
  /// Files of folders and archives that are not inputs; counted only without patterns of names to include.
  const LeftOutFiles& left_out() const { return left_out_; }

 private:
  class Cursor;

  /// A file is come upon, to be taken by the shard or not, before it is looked at.
  bool take_file(const std::string& path);
  bool accept(BatchInput& input);

  ListingOptions options_;
  LeftOutFiles left_out_;
  std::function<bool(const BatchInput&)> wanted_;
  std::unique_ptr<Cursor> cursor_;
  std::atomic<uint64_t> all_{0};
  std::atomic<uint64_t> in_shard_{0};
  std::atomic<uint64_t> checksum_{0};
};

}  // namespace kiloword
