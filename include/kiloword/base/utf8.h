#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kiloword {

/// A code point and its length in bytes; `valid` is false for a byte that starts no well-formed sequence
/// (then `code_point` is U+FFFD and `length` 1).
struct DecodedCodePoint {
  char32_t code_point;
  size_t length;
  bool valid;
};

/// The code point at `offset` of `text` (`offset < text.size()`), by the Unicode standard's table 3-7:
/// overlong forms, surrogates and values above U+10FFFF are not valid.
DecodedCodePoint decode_utf8(std::string_view text, size_t offset);

/// Appends the UTF-8 form of `code_point`, at most U+10FFFF.
void append_utf8(std::string& out, char32_t code_point);

bool is_valid_utf8(std::string_view text);

/// `text` with every invalid byte replaced by U+FFFD.
std::string to_valid_utf8(std::string_view text);

/// `text` as valid UTF-8 on one line: invalid bytes, control characters (C0, DEL, C1), line and paragraph
/// separators, and invisible characters, including those that reorder text (U+202E), become U+FFFD, so that
/// terminals and line-based readers show all of the text and cannot be manipulated by it.
std::string printable(std::string_view text);

}  // namespace kiloword
