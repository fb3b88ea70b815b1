#pragma once

#include <optional>
#include <string>

#include "kiloword/base/descriptor.h"

namespace kiloword {

/// Reads the paths of a list one by one, so that work can begin before the list ends.
class PathList {
 public:
  /// `file`: "-" is standard input. `separator`: '
  /// ' or '\0'. Throws Error(kInput) if it cannot be opened.
  PathList(const std::string& file, char separator);

  /// The next non-empty path; none at the end. Throws Error(kInput) if reading fails, for a NUL byte in a
  /// list of lines, and for a path longer than 64 KiB.
  std::optional<std::string> next();

 private:
  bool fill();

  std::string name_;
  char separator_;
  Descriptor file_;
  std::string buffer_;
  size_t begin_ = 0;   // of unread bytes
  bool first_ = true;  // the next line is the first
  bool ended_ = false;
};

}  // namespace kiloword
