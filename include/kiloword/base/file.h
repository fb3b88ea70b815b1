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

/// The system's words for `error`, an errno value, in lower case as error clauses are ("no such file or
/// directory").
std::string errno_message(int error);

/// Looks at the first bytes of a file before the rest is read; what it throws ends the reading.
struct StartCheck {
  size_t bytes = 0;  ///< how many it needs; it is not called for smaller files
  std::function<void(std::string_view)> check;
};

/// The whole content of a regular file (or of a pipe or device that ends).
/// Throws Error of `kind` when it cannot be read, is a directory, or holds more than `max_bytes`, and of
/// kModel when it is a pipe or a device.
std::string read_file(const std::filesystem::path& path, uint64_t max_bytes, ErrorKind kind,
                      const StartCheck& check_start = {});

/// Everything that is left on the open file descriptor `fd`, of which `name` is shown in errors.
/// Throws Error(kInput) past `max_bytes`.
std::string read_descriptor(int fd, uint64_t max_bytes, const std::string& name, ErrorKind kind,
                            const StartCheck& check_start = {});

/// Writes all of `bytes` to the open descriptor `fd`. Returns 0, or the errno of the failure.
int write_descriptor(int fd, std::string_view bytes);

/// Writes `bytes` so that `path` holds either its old content or all of the new one, whatever happens and
/// however many processes write it at once. Missing parent folders are made; a symbolic link stays one, and
/// so does a device or a pipe, which gets the bytes as they come. Throws Error(kOutput).
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

/// A regular file mapped read-only into memory; movable, unmapped at the end of its life.
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

  /// Whether the file's size and time of modification are what they were when it was mapped. If not, bytes()
  /// may be those of another file by now, or no longer be there.
  bool unchanged() const;

  /// Lets the system take back the memory of whole pages inside `part`, a part of bytes() or of something
  /// else; bytes read again come from the file again.
  void release(std::string_view part) const;

 private:
  Descriptor file_;
  timespec modified_{};
  const char* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace kiloword
