#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kiloword {

/// Decompresses the zlib stream `bytes`; none if it is corrupt or truncated, or exceeds `max_bytes`
/// decompressed.
std::optional<std::string> inflated(std::string_view bytes, size_t max_bytes);

/// Decompresses the start of a gzip file, as far as `bytes` reach, to at most `max_bytes`.
std::string gzip_start(std::string_view bytes, size_t max_bytes);

}  // namespace kiloword
