#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace kiloword::fuzz {

/// A file of `content` in memory, for parsers that read files.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view content) : fd_(::memfd_create("fuzz", MFD_CLOEXEC)) {
    if (fd_ < 0) std::abort();
    while (!content.empty()) {
      const ssize_t count = ::write(fd_, content.data(), content.size());
      if (count < 0) std::abort();
      content.remove_prefix(static_cast<size_t>(count));
    }
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(fd_); }

  int descriptor() const { return fd_; }
  /// By which this process can open it.
  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

}  // namespace kiloword::fuzz
