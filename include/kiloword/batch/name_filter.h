#pragma once

#include <string>
#include <vector>

namespace kiloword {

/// Selects the files of a folder, and the members of an archive, that are inputs.
struct NameFilter {
  /// Shell patterns, one of which a file must match. Empty: the usual extensions of image files,
  /// case-insensitive.
  std::vector<std::string> include;
  /// Shell patterns of files and folders that are skipped.
  std::vector<std::string> exclude;
  /// Whether names that begin with a dot are included.
  bool hidden = false;
  /// Whether files with the usual extensions of videos are inputs too, if `include` is empty.
  bool videos = false;

  /// `path` is relative to the folder or archive. A pattern with a slash is matched against the whole path,
  /// one without against its last part; `*` also matches slashes.
  bool accepts_file(const std::string& path) const;
  /// Whether to descend into the folder `path`.
  bool accepts_folder(const std::string& path) const;
};

}  // namespace kiloword
