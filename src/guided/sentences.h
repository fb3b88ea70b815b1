#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// Whether `text` ends a sentence: with `.`, `!` or `?`, perhaps in front of closing quotes or brackets.
bool ends_sentence(std::string_view text);

/// `text` without white space and incomplete characters (U+FFFD) at its ends.
std::string trimmed(std::string_view text);

/// What all of `texts` begin with; empty where there are none.
std::string common_start(const std::vector<std::string_view>& texts);

/// Whether going on from `text` to `longer`, which begins with it, leaves the last word of `text` as it is.
bool keeps_last_word(std::string_view text, std::string_view longer);

/// `text` without its last word and what stands in front of that word; empty for a single word.
std::string without_last_word(std::string_view text);

}  // namespace kiloword
