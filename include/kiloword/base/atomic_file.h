#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "kiloword/base/descriptor.h"

namespace kiloword {

/// A file that gets its name only when it is whole: until commit() the path holds its old content, whatever
/// happens and however many processes write it at once. Missing parent folders are made. A new file has the
/// mode that the umask leaves; a replaced one keeps its mode and, where the system allows it, its owner. A
/// device, a pipe or an open descriptor (/dev/stdout) is written to as the bytes come. What is not committed
/// is removed; those of killed processes are removed by the next one to write there.
class AtomicFile {
 public:
  /// What happens to a symbolic link at the path.
  enum class Links {
    kFollow,  ///< it stays one, and the file that it leads to is written
    kIgnore,  ///< nothing is written through it: the link itself counts
  };

  /// Throws Error(kOutput), as all of them do.
  explicit AtomicFile(const std::filesystem::path& path, Links links = Links::kFollow);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  int descriptor() const { return file_.get(); }
  void write(std::string_view bytes);
  /// Waits until the content is on the disk: without it, a crash of the machine right after commit() could
  /// leave the name with neither the old content nor the new. For what cannot simply be made again.
  void sync();
  /// Gives the file its name and returns it, open. A regular file is locked (see lock_file).
  Descriptor commit();
  /// Likewise, unless something has the name already: then returns false and leaves that as it is.
  bool commit_new();

 private:
  void open_temporary();

  std::filesystem::path path_;
  std::string temporary_;  // empty: the path is written in place
  Descriptor file_;
};

/// Removes the temporary files in `folder` ("" is the current one) that no living process holds. Every folder
/// is looked at once in the life of a process.
void remove_left_temporaries(const std::filesystem::path& folder);

/// Locks the open file `fd` for this process. Returns false when another process holds it.
bool lock_file(int fd);

}  // namespace kiloword
