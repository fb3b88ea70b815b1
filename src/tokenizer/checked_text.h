#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kiloword {

/// `text` in valid UTF-8, as tokenizers take it. Throws Error(kInput) where it has more than `max_mib` MiB.
std::string checked_text(std::string_view text, size_t max_mib);

}  // namespace kiloword
