#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kiloword {

/// RFC 4648, section 4.
std::string base64(std::string_view bytes);

/// The bytes that `text` encodes, by RFC 4648, section 4, or with the alphabet of section 5; line breaks
/// and blanks are skipped, padding may be missing. Nothing when it is not base64.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace kiloword
