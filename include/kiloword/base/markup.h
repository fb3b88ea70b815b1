#pragma once

#include <string>
#include <string_view>

namespace kiloword {

/// `text` as HTML and SVG show it, in an element or in an attribute between quotes of either kind; what
/// cannot be shown is replaced as `printable` does.
std::string escape_markup(std::string_view text);

}  // namespace kiloword
