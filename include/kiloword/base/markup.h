#pragma once

#include <string>
#include <string_view>

namespace kiloword {

/// `text` escaped for HTML and SVG, in an element or in an attribute between quotes of either kind;
/// characters that cannot be shown are replaced as `printable` does.
std::string escape_markup(std::string_view text);

}  // namespace kiloword
