#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// Whether `text` ends a sentence, with `.`, `!` or `?`, possibly followed by closing quotes or brackets.
bool ends_sentence(std::string_view text);

/// `text` without white space and incomplete characters (U+FFFD) at its ends.
std::string trimmed(std::string_view text);

/// The longest common prefix of `texts`; empty if there are none.
std::string common_start(const std::vector<std::string_view>& texts);

/// Whether `longer`, which begins with `text`, leaves the last word of `text` unchanged.
bool keeps_last_word(std::string_view text, std::string_view longer);

/// `text` without its last word and the space before it; empty for a single word.
std::string without_last_word(std::string_view text);

}  // namespace kiloword
