#pragma once

#include <sys/types.h>

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "kiloword/base/descriptor.h"

namespace kiloword {

/// The outputs that a merge reads, any number of them. Keeps at most as many open as the process may have;
/// beyond that, closes the one that was opened first.
class ShardFiles {
 public:
  /// Keeps at most `capacity` files open; 0: nearly as many as the system allows.
  explicit ShardFiles(std::vector<std::string> paths, size_t capacity = 0);

  /// Returns the descriptor of file number `file`, locked against writers. Throws Error(kInput) if it cannot
  /// be read, is being written, or has changed since it was first opened.
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
  std::deque<size_t> open_;  ///< in opening order
  size_t capacity_;
};

}  // namespace kiloword
