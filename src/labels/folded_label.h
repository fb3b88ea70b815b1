#pragma once

#include <string>
#include <string_view>

namespace kiloword {

/// `text` case-folded and without white space, differences that tokenizers ignore. Labels that are equal in
/// this form are duplicates.
std::string folded_label(std::string_view text);

/// Whether all bytes of `text` are below 0x80.
bool is_ascii(std::string_view text);

}  // namespace kiloword
