#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kiloword {

/// Unicode classes by ICU, as the reference tokenizers' pattern languages define them.

/// General category L (`\p{L}`).
bool is_letter(char32_t c);
/// General category M (`\p{M}`).
bool is_mark(char32_t c);
/// General category N (`\p{N}`).
bool is_number(char32_t c);
/// The property White_Space (`\s` of Python's `regex` module).
bool is_white_space(char32_t c);
/// What Python's `str.strip()` removes: White_Space and the separators U+001C .. U+001F.
bool is_strippable(char32_t c);

/// Start of the last code point of valid, non-empty UTF-8.
size_t last_code_point(std::string_view text);
/// `text` without the white space at its end, or at its start.
std::string_view without_space_behind(std::string_view text);
std::string_view without_space_before(std::string_view text);

/// `text` without leading and trailing strippable characters.
std::string_view strip(std::string_view text);

/// Each run of white space as one space (`whitespace_clean`).
std::string collapse_white_space(std::string_view text);

/// Each character's lower case by itself, whatever stands around it: valid UTF-8 as Rust's
/// `char::to_lowercase` and so the tokenizers of Hugging Face have it.
std::string lower_each(std::string_view text);

/// Python's `str.lower()` of valid UTF-8: full Unicode mapping without locale, with the final sigma.
std::string to_lower(std::string_view text);

}  // namespace kiloword
