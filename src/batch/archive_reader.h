#pragma once

#include <memory>
#include <optional>
#include <string>

#include "kiloword/batch/batch_input.h"
#include "kiloword/batch/left_out.h"
#include "kiloword/batch/name_filter.h"

namespace kiloword {

/// The files in a tar file (plain, or compressed with gzip, bzip2, xz or zstd) or a zip file, in the order of
/// the archive. A hard or symbolic link to a member has that one's content. Archives are untrusted: nothing
/// is unpacked to disk, and a member may hold a gibibyte at most.
class ArchiveReader {
 public:
  /// Whether `path` has the ending of an archive that can be read.
  static bool is_archive_name(const std::string& path);

  /// `path` "-" is standard input.
  ArchiveReader(std::string path, const NameFilter& filter, LeftOutFiles& left_out);
  ArchiveReader(const ArchiveReader&) = delete;
  ArchiveReader& operator=(const ArchiveReader&) = delete;
  ~ArchiveReader();

  /// The next member that the filter accepts, without its content. An archive that breaks off gives one more
  /// input, with the archive's own path and the error. None at the end.
  std::optional<BatchInput> next();

  /// Reads the content of the member that next() just gave into it, or the error that stands in the way.
  void read_content(BatchInput& member);

 private:
  struct Handle;

  BatchInput broken_off();
  /// The content of the member `target`, or the error that stands in the way, put into `link`.
  void read_target(BatchInput& link, std::string target);

  std::string path_;
  const NameFilter& filter_;
  LeftOutFiles& left_out_;
  bool can_be_read_again_;  // it is a file, not a pipe
  std::unique_ptr<Handle> handle_;
  bool ended_ = false;
  std::optional<std::string> link_target_;  // of the member that next() gave, where that is a link
  // Of the link before: many links to one member read it once.
  std::string last_target_;
  std::optional<std::string> last_content_;
};

}  // namespace kiloword
