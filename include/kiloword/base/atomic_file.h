#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "kiloword/base/descriptor.h"

namespace kiloword {

/// A file that gets its name only when it is whole: until commit() the path holds its old content, whatever
/// happens and however many processes write it at once. Missing parent folders are made; a symbolic link
/// stays one. What is not committed is removed.
class AtomicFile {
 public:
  /// Throws Error(kOutput), as all of them do.
  explicit AtomicFile(const std::filesystem::path& path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  int descriptor() const { return file_.get(); }
  void write(std::string_view bytes);
  /// Waits until the content is on the disk: without it, a crash of the machine right after commit() could
  /// leave the name with neither the old content nor the new. For what cannot simply be made again.
  void sync();
  /// Gives the file its name and returns it, open.
  Descriptor commit();

 private:
  std::filesystem::path path_;
  std::string temporary_;
  Descriptor file_;
};

}  // namespace kiloword
