#pragma once

#include <string>
#include <vector>

namespace kiloword {

/// Which files of a folder, and which members of an archive, are inputs.
struct NameFilter {
  /// Shell patterns; a file must match one of them. None: the usual endings of image files, in any case.
  std::vector<std::string> include;
  /// Shell patterns of files and folders that are skipped.
  std::vector<std::string> exclude;
  /// Whether names that begin with a dot are looked at.
  bool hidden = false;
  /// Whether files with the usual endings of videos are inputs too, where `include` is empty.
  bool videos = false;

  /// `path` is relative to the folder or archive. A pattern with a slash is held against all of it, one
  /// without against its last part; `*` matches slashes as well.
  bool accepts_file(const std::string& path) const;
  /// Whether the folder `path` is looked into.
  bool accepts_folder(const std::string& path) const;
};

}  // namespace kiloword
