#pragma once

#include <string>
#include <string_view>

namespace kiloword {

/// Python's `html.unescape` for valid UTF-8: numeric references by HTML5's rules, and the 253 named entities
/// of HTML 4 and XML (Latin-1 ones also without semicolon, as HTML5 allows). Other HTML5 names are kept.
std::string unescape_html(std::string_view text);

}  // namespace kiloword
