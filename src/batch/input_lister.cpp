#include "kiloword/batch/input_lister.h"

#include <sys/stat.h>

#include <optional>
#include <utility>

#include "batch/archive_reader.h"
#include "batch/directory_walker.h"
#include "batch/file_stamp.h"
#include "kiloword/base/hash.h"
#include "kiloword/batch/folder_watch.h"
#include "kiloword/batch/name_filter.h"
#include "kiloword/batch/path_list.h"

namespace kiloword {
/// Where a listing stands: in the arguments or a list, and within the folder or archive named there.
class InputLister::Cursor {
 public:
  Cursor(InputLister& lister, const ListingOptions& options, LeftOutFiles& left_out)
      : lister_(lister), options_(options), left_out_(left_out) {
    if (!options.files_from.empty()) lines_.emplace(options.files_from, '\n');
    if (!options.files0_from.empty()) entries_.emplace(options.files0_from, '\0');
  }

  std::optional<BatchInput> next() {
    for (;;) {
      if (archive_) {
        if (auto member = archive_->next()) return member;
        archive_.reset();
      } else if (walker_) {
        if (auto walked = walker_->next()) {
          if (!walked->error) {
            if (auto input = open(walked->path)) return input;
          } else if (lister_.take_file(walked->path)) {
            return failed(*walked);
          }
          continue;
        }
        walker_.reset();
      } else if (tar_ < options_.tars.size()) {
        const std::string& tar = options_.tars[tar_++];
        if (lister_.take_file(tar)) archive_.emplace(tar, options_.filter, left_out_);
      } else {
        const std::optional<std::string> path = next_named();
        if (!path) return std::nullopt;
        if (auto input = open(*path)) return input;
      }
    }
  }

  void read_content(BatchInput& input) {
    if (input.archive_member) archive_->read_content(input);
  }

 private:
  std::optional<std::string> next_named() {
    is_from_list_ = false;
    if (argument_ < options_.inputs.size()) return options_.inputs[argument_++];
    is_from_list_ = true;
    if (lines_) {
      if (auto path = lines_->next()) return path;
      lines_.reset();
    }
    if (entries_) {
      if (auto path = entries_->next()) return path;
      entries_.reset();
    }
    return options_.watch ? options_.watch->next() : std::nullopt;
  }

  /// The input `path`; none when it is a folder or an archive, which is entered, or a file of another shard
  /// by input.
  std::optional<BatchInput> open(const std::string& path) {
    const bool archive_name = ArchiveReader::is_archive_name(path);
    const bool is_file = path == "-" || walker_ || is_file_by_name(path, archive_name);
    if (is_file && !lister_.take_file(path)) return std::nullopt;
    BatchInput input;
    input.path = path;
    const bool may_be_entered = archive_name && !options_.files_only;
    if (is_file && !may_be_entered) return input;
    struct stat status {};
    const bool is_there = ::stat(path.c_str(), &status) == 0;
    if (is_there && S_ISDIR(status.st_mode) && !is_file) {
      walker_.emplace(path, options_.filter, left_out_);
      return std::nullopt;
    }
    if (!is_file && !lister_.take_file(path)) return std::nullopt;
    if (is_there && S_ISREG(status.st_mode) && may_be_entered) {
      archive_.emplace(path, options_.filter, left_out_);
      return std::nullopt;
    }
    if (is_there) input.stamp = stamp_of(status);
    return input;
  }

  /// Whether a path of a list is taken for a file by its name alone: where there are several shards, each
  /// goes through a list of maybe a billion lines, and other shards' files must not even be asked for at the
  /// file system.
  bool is_file_by_name(const std::string& path, bool archive_name) const {
    if (!is_from_list_ || options_.shard.count == 1) return false;
    return archive_name ? options_.shard.by_input() : NameFilter().accepts_file(path);
  }

  static BatchInput failed(WalkedPath& walked) {
    BatchInput input;
    input.path = std::move(walked.path);
    input.error = std::move(walked.error);
    return input;
  }

  InputLister& lister_;
  const ListingOptions& options_;
  LeftOutFiles& left_out_;
  bool is_from_list_ = false;  // what next_named() gave
  size_t tar_ = 0;
  size_t argument_ = 0;
  std::optional<PathList> lines_;
  std::optional<PathList> entries_;
  std::optional<DirectoryWalker> walker_;
  std::optional<ArchiveReader> archive_;
};

InputLister::InputLister(ListingOptions options)
    : options_(std::move(options)), cursor_(std::make_unique<Cursor>(*this, options_, left_out_)) {}

InputLister::~InputLister() = default;

bool InputLister::take_file(const std::string& path) {
  if (!options_.shard.by_input()) return true;
  ++all_;
  checksum_ += hash64(path);
  return options_.shard.contains(path);
}

bool InputLister::accept(BatchInput& input) {
  if (options_.shard.by_input()) {
    input.listed_file = all_ - 1;
    input.index = in_shard_;
  } else {
    input.index = all_++;
    checksum_ += hash64(input.path);
    if (!options_.shard.contains(input.path)) return false;
  }
  ++in_shard_;
  // Files of folders are looked at only now: a shard of a thousand looks at a thousandth of them.
  const bool names_only = options_.names_only || options_.files_only;
  const bool to_look_at = !input.stamp && !input.error && input.path != "-" && !names_only;
  if (to_look_at) input.stamp = stamp_of_file(input.path);  // what cannot be looked at shows when it is read
  if (wanted_ && !wanted_(input)) return false;
  if (!names_only) cursor_->read_content(input);
  return true;
}

std::optional<BatchInput> InputLister::next() {
  while (auto input = cursor_->next()) {
    if (accept(*input)) return input;
  }
  return std::nullopt;
}

ListingCount InputLister::count() const {
  return {all_, in_shard_, checksum_};
}

}  // namespace kiloword
