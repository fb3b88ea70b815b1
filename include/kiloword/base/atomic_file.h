#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "kiloword/base/descriptor.h"

namespace kiloword {

/// A file that appears atomically: until commit(), the path keeps its old content, even if the process is
/// killed or several processes write it concurrently. Missing parent folders are created. A new file gets the
/// mode that the umask leaves; a replaced one keeps its mode and, where the system allows it, its owner.
/// Devices, pipes and open descriptors (/dev/stdout) are written to directly. Uncommitted files are removed;
/// those of killed processes are removed by the next process to write there.
class AtomicFile {
 public:
  /// How a symbolic link at the path is treated.
  enum class Links {
    kFollow,  ///< the file that it points to is written
    kIgnore,  ///< the link itself is replaced
  };

  /// Throws Error(kOutput), as do the other members.
  explicit AtomicFile(const std::filesystem::path& path, Links links = Links::kFollow);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  int descriptor() const { return file_.get(); }
  void write(std::string_view bytes);
  /// Waits until the content is on disk. Without it, a crash of the machine right after commit() could leave
  /// the name with neither the old content nor the new. Use it for data that cannot simply be recreated.
  void sync();
  /// Renames the file to its path and returns it, open. A regular file is locked (see lock_file).
  Descriptor commit();
  /// The same, but returns false and changes nothing if the path already exists.
  bool commit_new();

 private:
  void open_temporary();

  std::filesystem::path path_;
  std::string temporary_;  // empty: the path is written in place
  Descriptor file_;
};

/// Removes the temporary files in `folder` ("" is the current one) that no running process holds. Each folder
/// is cleaned once per process.
void remove_left_temporaries(const std::filesystem::path& folder);

/// Locks the open file `fd` for this process. Returns false if another process holds the lock.
bool lock_file(int fd);

}  // namespace kiloword
