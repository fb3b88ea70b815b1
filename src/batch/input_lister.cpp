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
  Cursor(const ListingOptions& options, LeftOutFiles& left_out) : options_(options), left_out_(left_out) {
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
          if (walked->error) return failed(*walked);
          if (auto input = open(walked->path)) return input;
          continue;
        }
        walker_.reset();
      } else if (tar_ < options_.tars.size()) {
        archive_.emplace(options_.tars[tar_++], options_.filter, left_out_);
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
    if (argument_ < options_.inputs.size()) return options_.inputs[argument_++];
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

  /// The input `path`; none when it is a folder or an archive, which is entered.
  std::optional<BatchInput> open(const std::string& path) {
    BatchInput input;
    input.path = path;
    const bool archive_name = ArchiveReader::is_archive_name(path);
    if (path == "-" || (walker_ && !archive_name)) return input;
    // Of other parts' images not even the file system is asked: a list of a billion lines is gone through by
    // every shard.
    if (!archive_name && !options_.shard.contains(path) && NameFilter().accepts_file(path)) return input;
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return input;
    if (S_ISDIR(status.st_mode) && !walker_) {
      walker_.emplace(path, options_.filter, left_out_);
      return std::nullopt;
    }
    if (S_ISREG(status.st_mode) && archive_name) {
      archive_.emplace(path, options_.filter, left_out_);
      return std::nullopt;
    }
    input.stamp = stamp_of(status);
    return input;
  }

  static BatchInput failed(WalkedPath& walked) {
    BatchInput input;
    input.path = std::move(walked.path);
    input.error = std::move(walked.error);
    return input;
  }

  const ListingOptions& options_;
  LeftOutFiles& left_out_;
  size_t tar_ = 0;
  size_t argument_ = 0;
  std::optional<PathList> lines_;
  std::optional<PathList> entries_;
  std::optional<DirectoryWalker> walker_;
  std::optional<ArchiveReader> archive_;
};

InputLister::InputLister(ListingOptions options)
    : options_(std::move(options)), cursor_(std::make_unique<Cursor>(options_, left_out_)) {}

InputLister::~InputLister() = default;

bool InputLister::accept(BatchInput& input) {
  input.index = all_++;
  checksum_ += hash64(input.path);
  if (!options_.shard.contains(input.path)) return false;
  ++in_shard_;
  // Files of folders are looked at only now: a shard of a thousand looks at a thousandth of them.
  const bool to_look_at = !input.stamp && !input.error && input.path != "-" && !options_.names_only;
  if (to_look_at) input.stamp = stamp_of_file(input.path);  // what cannot be looked at shows when it is read
  if (wanted_ && !wanted_(input)) return false;
  if (!options_.names_only) cursor_->read_content(input);
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
