#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/guided/word_support.h"

namespace kiloword {

/// A word of a sentence as the language model wrote it.
struct GrammarWord {
  std::string text;    ///< as it stands there
  std::string folded;  ///< as OutputRules folds
};

/// The words of `text`; nothing where it holds signs that no plain sentence holds: quotation marks, commas,
/// apostrophes, a full stop before the end.
std::optional<std::vector<GrammarWord>> grammar_words(std::string_view text);

/// Whether the function word `next` may follow `before` (empty: the sentence begins), both folded.
bool may_follow(std::string_view before, std::string_view next);

/// Whether `words`, none of which is cut off, are a plain English sentence or, unless it is `finished`, may
/// become one:
/// - words are written in lower case, but for the first letters of the sentence and of proper nouns;
/// - function words stand where they can: no preposition after an article or another preposition, none at
///   the beginning;
/// - a noun that is counted has an article, a number or "its" before
///   it; "a" stands before no plural, a number before no singular, "is" after no plural.
bool is_plain(const std::vector<GrammarWord>& words, const KnownNouns& nouns, bool finished);

/// The singular of a plural that English forms regularly, and of "men", "women" and "people"; else `word`.
std::string singular(const std::string& word);

}  // namespace kiloword
