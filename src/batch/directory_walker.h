#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/batch/left_out.h"
#include "kiloword/batch/name_filter.h"

namespace kiloword {

/// Something that a walk came upon: a file, or a folder that cannot be listed.
struct WalkedPath {
  std::string path;
  std::optional<Error> error;
};

/// The files below a folder, in the order of their names, byte by byte, folder by folder: the same on every
/// machine. Symbolic links are followed, except into a folder that the walk is already in. Pipes, sockets and
/// devices are left out. Archives are among the files; what is no image is counted. Holds the names of the
/// folders that it is in, no more.
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
    std::string path;      // with the slash behind it
    std::string relative;  // to the first folder; empty, or with a slash behind it
    dev_t device = 0;
    ino_t inode = 0;
    std::vector<Entry> entries;  // backwards: the next one stands last
  };

  /// Lists `path` as a new level. A folder that is being walked already is passed over.
  std::optional<Error> enter(const std::string& path, const std::string& relative);

  const NameFilter& filter_;
  LeftOutFiles& left_out_;
  std::vector<Level> levels_;
  std::optional<WalkedPath> failed_;  // the first folder itself could not be listed
};

}  // namespace kiloword
