#pragma once

#include <string>
#include <string_view>

namespace kiloword {

/// Valid UTF-8 as ftfy 6.3's `fix_text` leaves it, in all but text that was decoded in a wrong encoding
/// (which stays): HTML's references (as unescape_html() knows them) in lines without `<`, letters of C1 meant
/// as Windows-1252, Latin ligatures, letters of full and half width, curly quotes, escape sequences of
/// terminals, control characters and byte order marks, and then NFC.
std::string repair_text(std::string_view text);

/// Normalization form C.
std::string compose(std::string_view text);

}  // namespace kiloword
