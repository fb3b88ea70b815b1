#pragma once

#include <string>
#include <vector>

namespace kiloword {

/// `parts` with `separator` between them.
inline std::string joined(const std::vector<std::string>& parts, const std::string& separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) text += separator;
    text += part;
  }
  return text;
}

}  // namespace kiloword
