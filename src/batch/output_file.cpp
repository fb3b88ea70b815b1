#include "kiloword/batch/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "kiloword/base/atomic_file.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/base/interrupt.h"
#include "kiloword/base/output_target.h"

namespace kiloword {
namespace {

/// Whether `path` still leads to the open file `fd`: another process may just have replaced it.
bool leads_to(int fd, const std::string& path) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(fd, &opened) == 0 && ::stat(path.c_str(), &named) == 0 && opened.st_dev == named.st_dev &&
         opened.st_ino == named.st_ino;
}

Error cannot_write(int error, const std::string& path) {
  return Error(ErrorKind::kOutput, "cannot write: " + errno_message(error), path,
               error == ENOSPC || error == EDQUOT ? "free some space, then continue with --resume"
                                                  : "write to another place");
}

}  // namespace

OutputFile::OutputFile(std::string path, ExistingOutput existing) : path_(std::move(path)) {
  std::error_code ignored;  // whatever is wrong with the path shows when the file is opened
  const std::filesystem::path parent = std::filesystem::path(path_).parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, ignored);
  if (output_kind(path_) == OutputKind::kStream) {
    file_ = open_stream(path_);
    return;
  }
  remove_left_temporaries(parent);
  file_ = Descriptor(::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  struct stat status {};
  if (file_.get() < 0 || ::fstat(file_.get(), &status) != 0) throw cannot_write(errno, path_);
  regular_ = S_ISREG(status.st_mode);
  if (!regular_) return;
  if (!lock_file(file_.get()) || !leads_to(file_.get(), path_)) {
    throw Error(ErrorKind::kOutput, "another process is writing it", path_,
                "wait for it, or write to another file");
  }
  if (::fstat(file_.get(), &status) != 0) throw cannot_write(errno, path_);
  if (status.st_size > 0 && existing == ExistingOutput::kRefuse) {
    throw Error(ErrorKind::kUsage, "the output already exists", path_,
                "continue with --resume, or start over with --overwrite");
  }
  if (existing == ExistingOutput::kOverwrite) truncate(0);
}

void OutputFile::require_in_place() const {
  if (!regular_ || leads_to(file_.get(), path_)) return;
  throw Error(ErrorKind::kOutput, "was removed or replaced while it was being written", path_,
              "do not touch it during a run, and run again");
}

void OutputFile::write(std::string_view rows) {
  require_in_place();
  int error = 0;
  {
    const UninterruptedWrite whole_rows;
    const off_t before = regular_ ? ::lseek(file_.get(), 0, SEEK_END) : -1;
    error = write_descriptor(file_.get(), rows);
    // Where even this fails, a torn last row is left behind; --resume repairs it.
    if (error != 0 && before >= 0) static_cast<void>(::ftruncate(file_.get(), before) == 0);
  }
  if (error == EPIPE && !regular_) throw OutputClosed();
  if (error != 0) throw cannot_write(error, path_);
}

void OutputFile::truncate(uint64_t size) {
  if (::ftruncate(file_.get(), static_cast<off_t>(size)) != 0) throw cannot_write(errno, path_);
}

}  // namespace kiloword
