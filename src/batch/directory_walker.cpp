#include "batch/directory_walker.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include "batch/folder_listing.h"
#include "kiloword/base/file.h"

namespace kiloword {
namespace {

enum class PathKind { kFile, kFolder, kOther };

/// What `name` in the open folder is, behind any link. A link to nothing counts as a file: reading it tells
/// why.
PathKind kind_of(const dirent& entry, int folder) {
  if (entry.d_type == DT_REG) return PathKind::kFile;
  if (entry.d_type == DT_DIR) return PathKind::kFolder;
  struct stat status {};
  if (::fstatat(folder, entry.d_name, &status, 0) != 0) return PathKind::kFile;
  if (S_ISDIR(status.st_mode)) return PathKind::kFolder;
  return S_ISREG(status.st_mode) ? PathKind::kFile : PathKind::kOther;
}

}  // namespace

DirectoryWalker::DirectoryWalker(const std::string& folder, const NameFilter& filter, LeftOutFiles& left_out)
    : filter_(filter), left_out_(left_out) {
  if (auto error = enter(folder, "")) failed_ = WalkedPath{folder, std::move(error)};
}

std::optional<Error> DirectoryWalker::enter(const std::string& path, const std::string& relative) {
  const std::unique_ptr<DIR, CloseFolder> folder(::opendir(path.c_str()));
  struct stat status {};
  if (!folder || ::fstat(::dirfd(folder.get()), &status) != 0) {
    return Error(ErrorKind::kInput, "cannot list the folder: " + errno_message(errno), path);
  }
  const bool loop = std::any_of(levels_.begin(), levels_.end(), [&](const Level& level) {
    return level.device == status.st_dev && level.inode == status.st_ino;
  });
  if (loop) return std::nullopt;
  Level level{with_slash(path), relative, status.st_dev, status.st_ino, {}};
  errno = 0;
  while (const dirent* entry = ::readdir(folder.get())) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    const PathKind kind = kind_of(*entry, ::dirfd(folder.get()));
    const bool wanted = kind == PathKind::kFolder
                            ? filter_.accepts_folder(relative + name)
                            : kind == PathKind::kFile && wants_file(filter_, relative + name, left_out_);
    if (wanted) level.entries.push_back({name, kind == PathKind::kFolder});
    errno = 0;
  }
  if (errno != 0) return Error(ErrorKind::kInput, "cannot list the folder: " + errno_message(errno), path);
  std::sort(level.entries.begin(), level.entries.end(),
            [](const Entry& a, const Entry& b) { return a.name > b.name; });
  levels_.push_back(std::move(level));
  return std::nullopt;
}

std::optional<WalkedPath> DirectoryWalker::next() {
  if (failed_) return std::exchange(failed_, std::nullopt);
  while (!levels_.empty()) {
    Level& level = levels_.back();
    if (level.entries.empty()) {
      levels_.pop_back();
      continue;
    }
    const Entry entry = std::move(level.entries.back());
    level.entries.pop_back();
    const std::string path = level.path + entry.name;
    if (!entry.folder) return WalkedPath{path, std::nullopt};
    if (auto error = enter(path, level.relative + entry.name + "/"))
      return WalkedPath{path, std::move(error)};
  }
  return std::nullopt;
}

}  // namespace kiloword
