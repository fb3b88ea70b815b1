#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kiloword {

/// Decompresses gzip data and verifies its checksum. Throws Error(kModel) at `where` if the data is not gzip,
/// is truncated or corrupt, or exceeds `max_bytes` decompressed.
std::string gunzip(std::string_view compressed, size_t max_bytes, const std::string& where);

}  // namespace kiloword
