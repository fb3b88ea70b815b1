#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace kiloword {

/// What a generated text must and must not hold.
struct OutputRuleOptions {
  std::vector<std::string> avoided;   ///< words and phrases that no text may hold
  std::vector<std::string> required;  ///< words and phrases that a finished text should hold
  std::optional<size_t> max_chars;    ///< Unicode code points at most
};

}  // namespace kiloword
