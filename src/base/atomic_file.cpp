#include "kiloword/base/atomic_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "base/temporary_name.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/output_target.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxAttempts = 100;

[[noreturn]] void throw_cannot_write(int error, const fs::path& path) {
  throw Error(ErrorKind::kOutput, "cannot write: " + errno_message(error), path.string());
}

/// Whether `path` is still the name of the open file `fd`.
bool has_name(int fd, const std::string& path) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(fd, &opened) == 0 && ::lstat(path.c_str(), &named) == 0 && opened.st_dev == named.st_dev &&
         opened.st_ino == named.st_ino;
}

/// Gives the open file `fd` the owner and mode of `replaced`. Where the group cannot be kept, the group of
/// the process must not gain rights by it.
void take_over_rights(int fd, const struct stat& replaced) {
  mode_t mode = replaced.st_mode & 0777U;
  struct stat own {};
  const bool same_group = ::fchown(fd, static_cast<uid_t>(-1), replaced.st_gid) == 0 ||
                          (::fstat(fd, &own) == 0 && own.st_gid == replaced.st_gid);
  if (!same_group) mode &= ~070U | ((mode & 07U) << 3U);
  static_cast<void>(::fchown(fd, replaced.st_uid, static_cast<gid_t>(-1)) == 0);  // only root may
  ::fchmod(fd, mode);
}

/// Gives `from` the name `to`, unless something has it. Returns 0 or an errno.
int rename_to_new(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  if (::link(from.c_str(), to.c_str()) != 0) return errno;  // a file system that cannot do it in one step
  ::unlink(from.c_str());
  return 0;
}

}  // namespace

bool lock_file(int fd) {
  return ::flock(fd, LOCK_EX | LOCK_NB) == 0;
}

AtomicFile::AtomicFile(const fs::path& path, Links links)
    : path_(links == Links::kFollow ? behind_links(path) : path) {
  if (links == Links::kFollow && output_kind(path) == OutputKind::kStream) {
    path_ = path;
    file_ = open_stream(path);
    return;
  }
  std::error_code ignored;  // whatever is wrong with the path shows when the file is opened
  if (path_.has_parent_path()) fs::create_directories(path_.parent_path(), ignored);
  remove_left_temporaries(path_.parent_path());
  struct stat replaced {};
  const bool exists = ::lstat(path_.c_str(), &replaced) == 0;
  if (exists && S_ISDIR(replaced.st_mode)) throw_cannot_write(EISDIR, path_);
  open_temporary();
  if (exists && S_ISREG(replaced.st_mode)) take_over_rights(file_.get(), replaced);
}

void AtomicFile::open_temporary() {
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    temporary_ = temporary_name(path_);
    // The umask, and a folder's default access control list, apply to what is created like this.
    file_ = Descriptor(::open(temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666));
    if (file_.get() < 0 && errno == EEXIST) continue;
    if (file_.get() < 0) throw_cannot_write(errno, path_);
    // Another process may have taken the file for one that was left, in the moment before it was locked.
    if (::flock(file_.get(), LOCK_EX) != 0 || has_name(file_.get(), temporary_)) return;
  }
  throw_cannot_write(EEXIST, path_);
}

AtomicFile::~AtomicFile() {
  if (file_.get() >= 0 && !temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::string_view bytes) {
  const int error = write_descriptor(file_.get(), bytes);
  if (error == EPIPE && temporary_.empty()) throw OutputClosed();
  if (error != 0) throw_cannot_write(error, path_);
}

void AtomicFile::sync() {
  if (!temporary_.empty() && ::fsync(file_.get()) != 0) throw_cannot_write(errno, path_);
}

Descriptor AtomicFile::commit() {
  if (!temporary_.empty() && ::rename(temporary_.c_str(), path_.c_str()) != 0)
    throw_cannot_write(errno, path_);
  return std::move(file_);
}

bool AtomicFile::commit_new() {
  if (const int error = rename_to_new(temporary_, path_)) {
    if (error == EEXIST) return false;
    throw_cannot_write(error, path_);
  }
  file_.close();
  return true;
}

}  // namespace kiloword
