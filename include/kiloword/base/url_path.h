#pragma once

#include <string>
#include <string_view>

namespace kiloword {

/// `text` with everything that could end a part of a URL escaped as %XX; slashes stay.
std::string escape_url_path(std::string_view text);

}  // namespace kiloword
