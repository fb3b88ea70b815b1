#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/batch/left_out.h"
#include "kiloword/batch/name_filter.h"

namespace kiloword {

/// An entry found by a walk: a file, or a folder that cannot be listed.
struct WalkedPath {
  std::string path;
  std::optional<Error> error;
};

/// Walks the files below a folder, depth first, in byte order of names, so that the order is the same on
/// every machine. Follows symbolic links, except into a folder that is already being walked. Skips pipes,
/// sockets and devices. Yields images and archives, and counts other files. Keeps in memory only the entries
/// of the folders on the current path.
class DirectoryWalker {
 public:
  DirectoryWalker(const std::string& folder, const NameFilter& filter, LeftOutFiles& left_out);

  std::optional<WalkedPath> next();

 private:
  struct Entry {
    std::string name;
    bool folder = false;
  };
  struct Level {
    std::string path;      // with a trailing slash
    std::string relative;  // to the first folder; empty, or with a trailing slash
    dev_t device = 0;
    ino_t inode = 0;
    std::vector<Entry> entries;  // in reverse: the next one is last
  };

  /// Pushes the entries of `path` as a new level; does nothing if that folder is already being walked.
  std::optional<Error> enter(const std::string& path, const std::string& relative);

  const NameFilter& filter_;
  LeftOutFiles& left_out_;
  std::vector<Level> levels_;
  std::optional<WalkedPath> failed_;  // if the first folder itself cannot be listed
};

}  // namespace kiloword
