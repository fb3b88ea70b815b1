#pragma once

#include <string_view>

namespace kiloword {

/// The text of `{a}` in a template.
enum class Article {
  kAuto,  ///< "a" or "an", by the sound of the text that follows
  kA,     ///< always "a"
  kAn,    ///< always "an"
  kThe,   ///< "the"
  kNone,  ///< nothing: plurals, mass nouns, names
};

/// "a" or "an", by the pronunciation of `text`.
///
/// Decided by the first word, ignoring quotes and brackets before it: numbers by their pronunciation (an 8,
/// an 11, an 18th), words in capitals and single letters as spelled letters (an MRI, an F-16, a UFO) unless
/// they are read as words (a NASA probe, a LEGO brick), else the first letter with the usual exceptions (an
/// hour, an heir; a unicorn, a European, a one-way street, a ukulele). Text that does not begin with a Latin
/// letter or digit takes "a".
std::string_view indefinite_article(std::string_view text);

}  // namespace kiloword
