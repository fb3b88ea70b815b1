#pragma once

#include <memory>
#include <optional>
#include <string>

#include "kiloword/batch/input_lister.h"
#include "kiloword/image/decode.h"

namespace kiloword {

/// Reads members of tar and zip files. An archive is read once if members come in its order; otherwise it is
/// reopened, a limited number of times.
class ArchiveMembers {
 public:
  /// The content of `path`, "FILE!MEMBER"; none if it cannot be read.
  std::optional<std::string> read(const std::string& path);

 private:
  std::optional<std::string> search();
  void open(const std::string& archive);

  std::string archive_;  // that is currently open
  std::string wanted_;
  std::unique_ptr<InputLister> lister_;
  int openings_ = 0;
};

/// The image of a thumbnail.
struct ThumbnailSource {
  std::string path;                  ///< a file
  std::optional<std::string> bytes;  ///< instead: the content of an archive member
};

/// The image at a row's path; none if it cannot be read again. Rows are untrusted, so only regular files are
/// read.
std::optional<ThumbnailSource> find_thumbnail_source(const std::string& path, ArchiveMembers& members);

/// The thumbnail as base64 of a JPEG file; empty if it cannot be made.
std::string thumbnail_base64(const ThumbnailSource& source, int longer_px, const DecodeLimits& limits);

}  // namespace kiloword
