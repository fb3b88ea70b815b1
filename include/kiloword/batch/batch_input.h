#pragma once

#include <cstdint>
#include <optional>

#include "kiloword/pipeline/prepared_image.h"

namespace kiloword {

/// Nanoseconds since 1970-01-01 UTC; 64 bits would end in the year 2262.
__extension__ using Nanoseconds = __int128;

/// Distinguishes a changed file from the one seen before.
struct FileStamp {
  uint64_t bytes = 0;
  Nanoseconds mtime_ns = 0;  ///< last modification, in the years 0 to 9999

  bool operator==(const FileStamp& other) const { return bytes == other.bytes && mtime_ns == other.mtime_ns; }
};

/// One listed input of a batch. "FILE!MEMBER" is a member of an archive, with the member's content in
/// `bytes`. `error` is set if a folder or archive cannot be listed.
struct BatchInput : ImageInput {
  /// Its position among the listed inputs of all shards; with shards by input, among those of its own shard.
  uint64_t index = 0;
  uint64_t listed_file = 0;        ///< with shards by input: the position of its file among all listed files
  std::optional<FileStamp> stamp;  ///< none: not a regular file, or not accessible
  bool archive_member = false;
  std::string key;  ///< for a member of a tar: its name up to the first dot of its last part
};

/// A stream of inputs.
class InputSource {
 public:
  InputSource() = default;
  InputSource(const InputSource&) = delete;
  InputSource& operator=(const InputSource&) = delete;
  virtual ~InputSource() = default;

  /// The next input; none at the end.
  virtual std::optional<BatchInput> next() = 0;
};

}  // namespace kiloword
