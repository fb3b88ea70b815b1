#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// `text` in quotes for a message: printable, truncated to about sixty bytes.
std::string quote(std::string_view text);

/// Up to three of `known` that `name` may be a misspelling of, nearest first by edit distance.
std::vector<std::string> close_names(std::string_view name, const std::vector<std::string>& known);

/// "did you mean 'a' or 'b'?", empty without names.
std::string did_you_mean(const std::vector<std::string>& names);

}  // namespace kiloword
