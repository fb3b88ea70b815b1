#include "kiloword/base/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "kiloword/base/error.h"
#include "kiloword/base/file.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_cannot_write(int error, const fs::path& path) {
  throw Error(ErrorKind::kOutput, "cannot write: " + errno_message(error), path.string());
}

/// The file that the symbolic link `path` leads to; `path` itself when it is no link, or leads nowhere.
fs::path behind_links(const fs::path& path) {
  std::error_code failed;
  if (!fs::is_symlink(path, failed)) return path;
  const fs::path target = fs::canonical(path, failed);
  return failed ? path : target;
}

}  // namespace

AtomicFile::AtomicFile(const fs::path& path) : path_(behind_links(path)) {
  std::error_code ignored;  // whatever is wrong with the path shows when the file is opened
  if (path_.has_parent_path()) fs::create_directories(path_.parent_path(), ignored);
  temporary_ = path_.string() + ".XXXXXX";
  file_ = Descriptor(::mkostemp(temporary_.data(), O_CLOEXEC));
  if (file_.get() < 0) throw_cannot_write(errno, path_);
}

AtomicFile::~AtomicFile() {
  if (file_.get() >= 0) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::string_view bytes) {
  if (const int error = write_descriptor(file_.get(), bytes)) throw_cannot_write(error, path_);
}

void AtomicFile::sync() {
  if (::fsync(file_.get()) != 0) throw_cannot_write(errno, path_);
}

Descriptor AtomicFile::commit() {
  ::fchmod(file_.get(), 0644);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) throw_cannot_write(errno, path_);
  return std::move(file_);
}

}  // namespace kiloword
