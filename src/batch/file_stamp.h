#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>

#include "kiloword/batch/batch_input.h"

namespace kiloword {

/// Nanoseconds since 1970 of `seconds` and `ns`, clamped to the years 0 to 9999, the range of RFC 3339.
Nanoseconds time_in_ns(int64_t seconds, int64_t ns);

/// The stamp of a regular file; none for other kinds of files.
std::optional<FileStamp> stamp_of(const struct stat& status);
/// The stamp of the file at `path`; none if it cannot be accessed or is not a regular file.
std::optional<FileStamp> stamp_of_file(const std::string& path);

}  // namespace kiloword
