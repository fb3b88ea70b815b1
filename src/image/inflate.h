#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kiloword {

/// What the zlib stream `bytes` holds; nothing where it is damaged, cut off, or unpacks to more than
/// `max_bytes`.
std::optional<std::string> inflated(std::string_view bytes, size_t max_bytes);

/// As much of what the gzip file that begins with `bytes` holds as these give, at most `max_bytes`.
std::string gzip_start(std::string_view bytes, size_t max_bytes);

}  // namespace kiloword
