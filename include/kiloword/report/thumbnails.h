#pragma once

#include <memory>
#include <optional>
#include <string>

#include "kiloword/batch/input_lister.h"
#include "kiloword/image/decode.h"

namespace kiloword {

/// Reads members of tar and zip files one by one. In the order of an archive it is read once; out of order it
/// has to be reopened, which is done a limited number of times.
class ArchiveMembers {
 public:
  /// The content of `path`, "FILE!MEMBER"; none when it is not to be had.
  std::optional<std::string> read(const std::string& path);

 private:
  std::optional<std::string> search();
  void open(const std::string& archive);

  std::string archive_;  // that is open
  std::string wanted_;
  std::unique_ptr<InputLister> lister_;
  int openings_ = 0;
};

/// Where the pixels of a thumbnail come from.
struct ThumbnailSource {
  std::string path;                  ///< a file
  std::optional<std::string> bytes;  ///< the content of a member of an archive, instead
};

/// What a row's path leads to, or none: not every path leads to a file that can be read again. Rows are
/// untrusted: nothing but regular files is looked at.
std::optional<ThumbnailSource> find_thumbnail_source(const std::string& path, ArchiveMembers& members);

/// The thumbnail as base64 of a JPEG file; empty when there can be none.
std::string thumbnail_base64(const ThumbnailSource& source, int longer_px, const DecodeLimits& limits);

}  // namespace kiloword
