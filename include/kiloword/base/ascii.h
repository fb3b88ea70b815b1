#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace kiloword {

/// `text` with the letters A to Z in lower case, independent of the locale; other bytes are unchanged.
inline std::string ascii_lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

}  // namespace kiloword
