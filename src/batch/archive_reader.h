#pragma once

#include <memory>
#include <optional>
#include <string>

#include "kiloword/batch/batch_input.h"
#include "kiloword/batch/left_out.h"
#include "kiloword/batch/name_filter.h"

namespace kiloword {

/// Reads the files in a tar file (plain, or compressed with gzip, bzip2, xz or zstd) or a zip file, in
/// archive order. A hard or symbolic link to a member has that member's content. Archives are untrusted:
/// nothing is unpacked to disk, and a member may have at most 1 GiB.
class ArchiveReader {
 public:
  /// Whether `path` has the extension of a supported archive format.
  static bool is_archive_name(const std::string& path);

  /// `path` "-" is standard input.
  ArchiveReader(std::string path, const NameFilter& filter, LeftOutFiles& left_out);
  ArchiveReader(const ArchiveReader&) = delete;
  ArchiveReader& operator=(const ArchiveReader&) = delete;
  ~ArchiveReader();

  /// The next member that the filter accepts, without its content; none at the end. A truncated or damaged
  /// archive yields one more input, with the archive's own path and the error.
  std::optional<BatchInput> next();

  /// Reads the content of the member that next() just returned, or sets its error.
  void read_content(BatchInput& member);

 private:
  struct Handle;

  BatchInput broken_off();
  /// Reads the content of the member `target` into `link`, or sets its error.
  void read_target(BatchInput& link, std::string target);

  std::string path_;
  const NameFilter& filter_;
  LeftOutFiles& left_out_;
  bool can_be_read_again_;  // a regular file, not a pipe
  std::unique_ptr<Handle> handle_;
  bool ended_ = false;
  std::optional<std::string> link_target_;  // of the member that next() returned, if it is a link
  // Of the previous link: many links to one member read it only once.
  std::string last_target_;
  std::optional<std::string> last_content_;
};

}  // namespace kiloword
