#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>

#include "kiloword/batch/batch_input.h"

namespace kiloword {

/// `seconds` and `ns` since 1970; a time before the year 0 or after 9999, which a text of RFC 3339 does not
/// hold, becomes the first or the last second of these.
Nanoseconds time_in_ns(int64_t seconds, int64_t ns);

/// The stamp of a regular file; none for what is none.
std::optional<FileStamp> stamp_of(const struct stat& status);
/// That of the file at `path`; none where it cannot be looked at.
std::optional<FileStamp> stamp_of_file(const std::string& path);

}  // namespace kiloword
