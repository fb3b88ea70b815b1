#include "batch/shard_files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"

namespace kiloword {
namespace {

/// How many files may be open, with some left for all else.
size_t open_files_limit() {
  constexpr rlim_t kOthers = 32;
  constexpr rlim_t kLeast = 8;
  constexpr rlim_t kMost = 1 << 16;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return kLeast;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const rlim_t most = std::min(limit.rlim_cur, kMost);
  return most > kOthers + kLeast ? most - kOthers : kLeast;
}

}  // namespace

ShardFiles::ShardFiles(std::vector<std::string> paths, size_t capacity)
    : shards_(paths.size()), capacity_(capacity > 0 ? capacity : open_files_limit()) {
  for (size_t i = 0; i < paths.size(); ++i) shards_[i].path = std::move(paths[i]);
}

int ShardFiles::open(size_t file) {
  Shard& shard = shards_[file];
  if (shard.descriptor.get() >= 0) return shard.descriptor.get();
  if (open_.size() >= capacity_) {
    shards_[open_.front()].descriptor.close();
    open_.pop_front();
  }
  Descriptor opened(::open(shard.path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (opened.get() < 0 || ::fstat(opened.get(), &status) != 0) {
    throw Error(ErrorKind::kInput, errno_message(errno), shard.path);
  }
  if (::flock(opened.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    throw Error(ErrorKind::kInput, "another process is writing it", shard.path,
                "wait until that shard is finished");
  }
  const bool is_same =
      shard.device == status.st_dev && shard.inode == status.st_ino && shard.size == status.st_size;
  if (shard.was_open && !is_same) {
    throw Error(ErrorKind::kInput, "was changed while it was being read", shard.path, "merge again");
  }
  shard.was_open = true;
  shard.device = status.st_dev;
  shard.inode = status.st_ino;
  shard.size = status.st_size;
  shard.descriptor = std::move(opened);
  open_.push_back(file);
  return shard.descriptor.get();
}

}  // namespace kiloword
