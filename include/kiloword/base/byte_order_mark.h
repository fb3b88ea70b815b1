#pragma once

#include <string_view>

namespace kiloword {

/// `text` without a leading UTF-8 byte order mark, which some editors write.
inline std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  return text.substr(0, kMark.size()) == kMark ? text.substr(kMark.size()) : text;
}

}  // namespace kiloword
