#pragma once

#include <cstdint>
#include <string>

#include "kiloword/base/atomic_file.h"

namespace kiloword {

/// Writes a list of paths, which PathList reads, to one file or several parts, in constant memory.
class PartedList {
 public:
  /// `parts`: 0 writes `file`, N writes `file`.1 to `file`.N. `separator` ends each path: '\n' or '\0'.
  /// Throws Error(kOutput).
  PartedList(std::string file, uint64_t parts, char separator);

  /// Throws Error(kInput) for a path with a line break in a list of lines, Error(kOutput).
  void add(const std::string& path);
  /// Writes the files, each atomically. Parts have equal numbers of paths, to within one, in order. Throws
  /// Error(kOutput).
  void finish();

  uint64_t size() const { return size_; }
  /// The name of part `number`, from 1.
  std::string part_name(uint64_t number) const { return file_ + "." + std::to_string(number); }

 private:
  void write_parts();

  std::string file_;
  uint64_t parts_;
  char separator_;
  AtomicFile whole_;
  std::string waiting_;
  uint64_t size_ = 0;
};

}  // namespace kiloword
