#pragma once

#include <string_view>

namespace kiloword {

/// The text of `{a}` in a template.
enum class Article {
  kAuto,  ///< "a" or "an", by the sound of the text that follows
  kA,     ///< "a", whatever the spelling suggests
  kAn,    ///< "an", whatever the spelling suggests
  kThe,   ///< "the"
  kNone,  ///< nothing: plurals, mass nouns, names
};

/// "a" or "an", whichever English puts before `text` when it is read aloud.
///
/// Decided on the first word, without regard to quotes and brackets before it: numbers by their pronunciation
/// (an 8, an 11, an 18th), words in capitals and single letters as spelled letters (an MRI, an F-16, a UFO)
/// unless they are read as words (a NASA probe, a LEGO brick), else the first letter with the usual
/// exceptions (an hour, an heir; a unicorn, a European, a one-way street, a ukulele). Text that begins with
/// no Latin letter or digit takes "a".
std::string_view indefinite_article(std::string_view text);

}  // namespace kiloword
