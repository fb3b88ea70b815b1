#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kiloword {

/// The content of gzip data, whole and with its checksum right. Throws Error(kModel) at `where` when the data
/// is not gzip, is truncated or corrupt, or unpacks to more than `max_bytes`.
std::string gunzip(std::string_view compressed, size_t max_bytes, const std::string& where);

}  // namespace kiloword
