#pragma once

#include <string>
#include <string_view>

namespace kiloword {

/// ftfy 6.3's `fix_text` for valid UTF-8, except that mojibake is not fixed: replaces HTML references (those
/// of unescape_html()) in lines without `<`, C1 characters meant as Windows-1252, Latin ligatures, full-width
/// and half-width letters and curly quotes, removes terminal escape sequences, control characters and byte
/// order marks, and applies NFC.
std::string repair_text(std::string_view text);

/// Normalization form C.
std::string compose(std::string_view text);

}  // namespace kiloword
