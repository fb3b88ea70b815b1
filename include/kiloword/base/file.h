#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "kiloword/base/descriptor.h"
#include "kiloword/base/error.h"

namespace kiloword {

/// The system's message for `error`, an errno value, in lower case like all error clauses ("no such file or
/// directory").
std::string errno_message(int error);

/// A check of a file's first bytes before the rest is read; it rejects a file by throwing.
struct StartCheck {
  size_t bytes = 0;  ///< how many it needs; not called for smaller files
  std::function<void(std::string_view)> check;
};

/// Reads the whole content of a regular file (or of a pipe or device that ends). Throws Error of `kind` if it
/// cannot be read, is a directory, or holds more than `max_bytes`; with kModel also if it is a pipe or a
/// device.
std::string read_file(const std::filesystem::path& path, uint64_t max_bytes, ErrorKind kind,
                      const StartCheck& check_start = {});

/// The rest of the open file descriptor `fd`; `name` is shown in errors. Throws Error(kInput) past
/// `max_bytes`.
std::string read_descriptor(int fd, uint64_t max_bytes, const std::string& name, ErrorKind kind,
                            const StartCheck& check_start = {});

/// Writes all of `bytes` to the open descriptor `fd`. Returns 0, or the errno of the failure.
int write_descriptor(int fd, std::string_view bytes);

/// Writes `bytes` so that `path` always has either its old content or all of the new, even after a crash or
/// with concurrent writers. Missing parent folders are created; symbolic links are kept, and devices and
/// pipes are written to directly. Throws Error(kOutput).
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

/// A regular file mapped read-only into memory; movable, unmapped on destruction.
class MappedFile {
 public:
  /// Throws Error of `kind` when `path` cannot be opened or is not a regular file.
  MappedFile(const std::filesystem::path& path, ErrorKind kind);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  std::string_view bytes() const { return {data_, size_}; }

  /// Whether the file's size and modification time are still those at the time of mapping. If not, bytes()
  /// may have changed or become inaccessible.
  bool unchanged() const;

  /// Lets the system reclaim the memory of whole pages inside `part`, which need not be part of bytes();
  /// later reads load them from the file again.
  void release(std::string_view part) const;

 private:
  Descriptor file_;
  timespec modified_{};
  const char* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace kiloword
