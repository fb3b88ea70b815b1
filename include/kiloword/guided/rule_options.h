#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace kiloword {

/// Required and forbidden content of a generated text.
struct OutputRuleOptions {
  std::vector<std::string> avoided;   ///< words and phrases that no text may contain
  std::vector<std::string> required;  ///< words and phrases that a finished text should contain
  std::optional<size_t> max_chars;    ///< maximum number of Unicode code points
};

}  // namespace kiloword
