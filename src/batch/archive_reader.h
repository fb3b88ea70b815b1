#pragma once

#include <memory>
#include <optional>
#include <string>

#include "kiloword/batch/batch_input.h"
#include "kiloword/batch/name_filter.h"

namespace kiloword {

/// The files in a tar file (plain, or compressed with gzip, bzip2, xz or zstd) or a zip file, in the order of
/// the archive. Archives are untrusted: nothing is unpacked to disk, and a member may hold a gibibyte at
/// most.
class ArchiveReader {
 public:
  /// Whether `path` has the ending of an archive that can be read.
  static bool is_archive_name(const std::string& path);

  ArchiveReader(std::string path, const NameFilter& filter);
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

  std::string path_;
  const NameFilter& filter_;
  std::unique_ptr<Handle> handle_;
  bool ended_ = false;
};

}  // namespace kiloword
