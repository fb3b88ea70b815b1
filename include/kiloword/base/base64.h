#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kiloword {

/// RFC 4648, section 4.
std::string base64(std::string_view bytes);

/// Decodes `text`, base64 with the alphabet of RFC 4648, section 4 or 5; line breaks and blanks are skipped,
/// padding may be missing. None if it is not base64.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace kiloword
