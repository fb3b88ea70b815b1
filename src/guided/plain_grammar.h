#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/guided/word_support.h"

namespace kiloword {

/// A word of a sentence as the language model wrote it.
struct GrammarWord {
  std::string text;    ///< as written
  std::string folded;  ///< as OutputRules folds it
};

/// The words of `text`; none if it contains punctuation that a plain sentence does not have: quotation marks,
/// commas, apostrophes, a full stop before the end.
std::optional<std::vector<GrammarWord>> grammar_words(std::string_view text);

/// Whether the function word `next` may follow `before` (empty: at the start of the sentence), both folded.
bool may_follow(std::string_view before, std::string_view next);

/// Whether `words`, all complete, are a plain English sentence or, unless `finished`, the beginning of one:
/// - words are in lower case, except for the first letters of the sentence and of proper nouns;
/// - there is no preposition at the beginning, or after an article or another preposition;
/// - a countable noun follows an article, a number or "its"; "a" does not precede a plural, nor a number a
///   singular, and "is" does not follow a plural.
bool is_plain(const std::vector<GrammarWord>& words, const KnownNouns& nouns, bool finished);

/// The singular of a regular English plural, and of "men", "women" and "people"; else `word`.
std::string singular(const std::string& word);

}  // namespace kiloword
