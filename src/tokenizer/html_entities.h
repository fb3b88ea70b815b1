#pragma once

#include <string>
#include <string_view>

namespace kiloword {

/// Python's `html.unescape` of valid UTF-8: numeric references by HTML5's rules, and the 253 named entities
/// of HTML 4 and XML (those of Latin-1 also without semicolon, as HTML5 allows). HTML5's other names stay as
/// written.
std::string unescape_html(std::string_view text);

}  // namespace kiloword
