#pragma once

#include <string>
#include <string_view>

namespace kiloword {

/// `text` with every occurrence of `from`, which must not be empty, replaced by `to`, from left to right.
std::string replace_all(std::string_view text, std::string_view from, std::string_view to);

}  // namespace kiloword
