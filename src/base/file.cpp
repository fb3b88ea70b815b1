#include "kiloword/base/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "kiloword/base/atomic_file.h"
#include "kiloword/base/descriptor.h"

namespace kiloword {
namespace {

namespace fs = std::filesystem;

/// Opening a pipe waits for whoever writes into it: a part of a model is never one, and nobody would come.
Descriptor open_for_reading(const fs::path& path, ErrorKind kind) {
  const int waiting = kind == ErrorKind::kModel ? O_NONBLOCK : 0;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | waiting);
  if (fd < 0) throw Error(kind, errno_message(errno), path.string());
  return Descriptor(fd);
}

struct stat status_of(const Descriptor& file, const fs::path& path, ErrorKind kind) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw Error(kind, errno_message(errno), path.string());
  if (S_ISDIR(status.st_mode)) throw Error(kind, "is a directory", path.string());
  return status;
}

}  // namespace

std::string errno_message(int error) {
  std::string text = std::generic_category().message(error);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

int write_descriptor(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return 0;
}

std::string read_descriptor(int fd, uint64_t max_bytes, const std::string& name, ErrorKind kind,
                            const StartCheck& check_start) {
  std::string content;
  // A string that grows holds its content twice while it moves.
  struct stat status {};
  if (::fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
    content.reserve(static_cast<size_t>(std::min(static_cast<uint64_t>(status.st_size), max_bytes)) + 1);
  bool is_checked = !check_start.check;
  std::array<char, 1 << 16> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by read
  for (;;) {
    const ssize_t count = ::read(fd, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Error(kind, "cannot read: " + errno_message(errno), name);
    if (count == 0) return content;
    content.append(buffer.data(), static_cast<size_t>(count));
    if (!is_checked && content.size() >= check_start.bytes) {
      check_start.check(content);
      is_checked = true;
    }
    if (content.size() > max_bytes) {
      throw Error(kind, "larger than the limit of " + std::to_string(max_bytes) + " bytes", name);
    }
  }
}

std::string read_file(const fs::path& path, uint64_t max_bytes, ErrorKind kind,
                      const StartCheck& check_start) {
  const Descriptor file = open_for_reading(path, kind);
  const struct stat status = status_of(file, path, kind);
  if (kind == ErrorKind::kModel && !S_ISREG(status.st_mode))
    throw Error(kind, "not a regular file", path.string());
  if (S_ISREG(status.st_mode) && static_cast<uint64_t>(status.st_size) > max_bytes) {
    throw Error(kind, "larger than the limit of " + std::to_string(max_bytes) + " bytes", path.string());
  }
  return read_descriptor(file.get(), max_bytes, path.string(), kind, check_start);
}

void write_file_atomically(const fs::path& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

MappedFile::MappedFile(const fs::path& path, ErrorKind kind) : file_(open_for_reading(path, kind)) {
  const struct stat status = status_of(file_, path, kind);
  if (!S_ISREG(status.st_mode)) throw Error(kind, "not a regular file", path.string());
  size_ = static_cast<size_t>(status.st_size);
  modified_ = status.st_mtim;
  if (size_ == 0) return;  // an empty mapping is not allowed, an empty view is
  void* address = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file_.get(), 0);
  if (address == MAP_FAILED) throw Error(kind, "cannot map: " + errno_message(errno), path.string());
  data_ = static_cast<const char*>(address);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : file_(std::move(other.file_)),
      modified_(other.modified_),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(modified_, other.modified_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

bool MappedFile::unchanged() const {
  struct stat status {};
  return ::fstat(file_.get(), &status) == 0 && static_cast<size_t>(status.st_size) == size_ &&
         status.st_mtim.tv_sec == modified_.tv_sec && status.st_mtim.tv_nsec == modified_.tv_nsec;
}

void MappedFile::release(std::string_view part) const {
  if (part.data() < data_ || part.data() + part.size() > data_ + size_) return;
  const auto page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  const auto begin = static_cast<size_t>(part.data() - data_);
  const size_t first = (begin + page - 1) / page * page;
  const size_t last = (begin + part.size()) / page * page;
  if (first >= last) return;
  // The mapping is private and never written to, so that nothing is lost. NOLINTNEXTLINE: mutable pointer
  ::madvise(const_cast<char*>(data_) + first, last - first, MADV_DONTNEED);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<char*>(data_), size_);  // NOLINT: munmap takes a mutable pointer
}

}  // namespace kiloword
