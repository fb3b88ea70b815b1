#pragma once

#include <sys/types.h>

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "kiloword/base/descriptor.h"

namespace kiloword {

/// The outputs that a merge reads, any number of them: no more are open than the process may have, and the
/// one opened first makes room for another.
class ShardFiles {
 public:
  /// At most `capacity` files are open; 0: nearly as many as the system allows.
  explicit ShardFiles(std::vector<std::string> paths, size_t capacity = 0);

  /// File number `file`, open and locked against writers. Throws Error(kInput) where it cannot be read, is
  /// being written, or is another file than when it was first opened.
  int open(size_t file);

 private:
  struct Shard {
    std::string path;
    Descriptor descriptor;
    bool was_open = false;
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = 0;
  };

  std::vector<Shard> shards_;
  std::deque<size_t> open_;  ///< in the order of opening
  size_t capacity_;
};

}  // namespace kiloword
