#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kiloword {

/// Unicode classes from ICU, as defined by the pattern languages of the reference tokenizers.

/// General category L (`\p{L}`).
bool is_letter(char32_t c);
/// General category M (`\p{M}`).
bool is_mark(char32_t c);
/// General category N (`\p{N}`).
bool is_number(char32_t c);
/// The property White_Space (`\s` of Python's `regex` module).
bool is_white_space(char32_t c);
/// The characters that Python's `str.strip()` removes: White_Space and the separators U+001C .. U+001F.
bool is_strippable(char32_t c);

/// The offset of the last code point of valid, non-empty UTF-8.
size_t last_code_point(std::string_view text);
/// `text` without trailing, or leading, white space.
std::string_view without_space_behind(std::string_view text);
std::string_view without_space_before(std::string_view text);

/// `text` without leading and trailing strippable characters.
std::string_view strip(std::string_view text);

/// `text` with each run of white space replaced by one space (`whitespace_clean`).
std::string collapse_white_space(std::string_view text);

/// Valid UTF-8 in lower case, character by character without context, like Rust's `char::to_lowercase` and
/// hence Hugging Face's tokenizers.
std::string lower_each(std::string_view text);

/// Python's `str.lower()` for valid UTF-8: the full Unicode mapping without locale, including final sigma.
std::string to_lower(std::string_view text);

}  // namespace kiloword
