#pragma once

#include <string>
#include <string_view>

namespace kiloword {

/// `text` with all characters that could end a URL's path escaped as %XX; slashes are kept.
std::string escape_url_path(std::string_view text);

}  // namespace kiloword
