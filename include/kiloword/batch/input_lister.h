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

/// Where the inputs of a batch are looked for.
struct ListingOptions {
  std::vector<std::string> inputs;     ///< files, folders, archives, "-" for an image on standard input
  std::vector<std::string> tars;       ///< archives whatever they are called, pipes too; "-": standard input
  std::string files_from;              ///< a list with a path a line; "-": standard input; empty: none
  std::string files0_from;             ///< likewise, each path ended by a NUL byte
  NameFilter filter;                   ///< for folders and archives
  std::shared_ptr<FolderWatch> watch;  ///< files that arrive, behind all others; null: none
  Shard shard;
  /// Only names are wanted: no file is looked at and no member of an archive read.
  bool names_only = false;
  /// Files are wanted: of an archive itself instead of its members, and none is looked at.
  bool files_only = false;
};

/// What a listing has come upon so far. Of a shard by input, archives of other shards are not read: `all` and
/// `checksum` are of files.
struct ListingCount {
  uint64_t all = 0;       ///< inputs of every shard
  uint64_t in_shard = 0;  ///< inputs of this shard
  uint64_t checksum = 0;  ///< of the paths of every shard, whatever their order
};

/// The inputs that the arguments and lists name, in that order: folders recursively (see NameFilter),
/// archives member by member, everything else as it is. An input that is known to be unreadable comes with
/// its error.
class InputLister : public InputSource {
 public:
  /// Opens the lists. Throws Error(kInput) when one cannot be opened.
  explicit InputLister(ListingOptions options);
  ~InputLister() override;

  /// Before an input is handed out (and the content of a member read), `wanted` is called; an unwanted one
  /// is counted and skipped.
  void set_wanted(std::function<bool(const BatchInput&)> wanted) { wanted_ = std::move(wanted); }

  /// Throws Error(kInput) when a list cannot be read on.
  std::optional<BatchInput> next() override;

  /// May be called from any thread.
  ListingCount count() const;
  /// Files of folders and archives that are no inputs, if no pattern selects them.
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
