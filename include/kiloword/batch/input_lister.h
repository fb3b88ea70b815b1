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
  std::vector<std::string> tars;       ///< archives of any name, or pipes; "-": standard input
  std::string files_from;              ///< a file with one path per line; "-": standard input; empty: none
  std::string files0_from;             ///< the same with NUL-terminated paths
  NameFilter filter;                   ///< for folders and archives
  std::shared_ptr<FolderWatch> watch;  ///< arriving files, after all others; null: none
  Shard shard;
  /// List only names: no file is inspected, and no member of an archive is read.
  bool names_only = false;
  /// List only files: an archive itself instead of its members. None is inspected.
  bool files_only = false;
};

/// Counts of a listing so far. With shards by input, archives of other shards are not read, and `all` and
/// `checksum` are of files.
struct ListingCount {
  uint64_t all = 0;       ///< inputs of every shard
  uint64_t in_shard = 0;  ///< inputs of this shard
  uint64_t checksum = 0;  ///< of the paths of every shard, independent of their order
};

/// Lists the inputs named by the arguments, then by the lists: folders recursively (see NameFilter), archives
/// member by member, everything else as it is. An input known to be unreadable has its error set.
class InputLister : public InputSource {
 public:
  /// Opens the lists. Throws Error(kInput) if one cannot be opened.
  explicit InputLister(ListingOptions options);
  ~InputLister() override;

  /// `wanted` is called before an input is returned (and before the content of a member is read); inputs for
  /// which it returns false are counted and skipped.
  void set_wanted(std::function<bool(const BatchInput&)> wanted) { wanted_ = std::move(wanted); }

  /// Throws Error(kInput) if the rest of a list cannot be read.
  std::optional<BatchInput> next() override;

  /// May be called from any thread.
  ListingCount count() const;
  /// Files of folders and archives that are not inputs; counted only without NameFilter::include.
  const LeftOutFiles& left_out() const { return left_out_; }

 private:
  class Cursor;

  /// Counts a file before it is inspected, and returns whether it belongs to the shard.
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
