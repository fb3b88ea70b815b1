#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kiloword {

/// `text` as valid UTF-8, which tokenizers require. Throws Error(kInput) if it exceeds `max_mib` MiB.
std::string checked_text(std::string_view text, size_t max_mib);

}  // namespace kiloword
