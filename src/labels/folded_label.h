#pragma once

#include <string>
#include <string_view>

namespace kiloword {

/// `text` as far as a tokenizer tells texts apart: case folded, without white space. Labels that are equal so
/// are the same label twice.
std::string folded_label(std::string_view text);

/// Whether all bytes of `text` are below 0x80.
bool is_ascii(std::string_view text);

}  // namespace kiloword
