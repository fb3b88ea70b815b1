#pragma once

#include <string_view>

namespace kiloword {

/// `text` without the byte order mark that editors may put at the start of UTF-8, which is not part of the
/// text.
inline std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  return text.substr(0, kMark.size()) == kMark ? text.substr(kMark.size()) : text;
}

}  // namespace kiloword
