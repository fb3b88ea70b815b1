#pragma once

#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "kiloword/guided/word_evidence.h"

namespace kiloword {

struct GrammarWord;

/// Nouns known from the image rather than from the built-in word lists, folded.
struct KnownNouns {
  std::unordered_set<std::string> countable;  ///< in the singular
  std::unordered_set<std::string> proper;     ///< capitalised parts of names
};

/// The evidence that an English word of a description requires.
enum class WordClass {
  kFunction,  ///< none: articles, prepositions, forms of "be", words for images
  kContent,   ///< support
  kJudging,   ///< judges people; never written
};

/// The class of `word`, which is folded as OutputRules folds text.
WordClass word_class(std::string_view word);

/// Whether `word` is a colour that also describes people's skin.
bool is_skin_colour(std::string_view word);

/// Whether any word of `text` refers to people.
bool speaks_of_people(std::string_view text);

/// The words that an image supports, and the texts that they allow.
class WordSupport {
 public:
  /// Words with less than `least` are not written.
  explicit WordSupport(double least) : least_(least) {}

  /// Raises the support of each word of `phrase` to at least `probability`.
  void add(std::string_view phrase, double probability);

  /// The same for the name of a countable thing, whose last word needs an article.
  void add_noun(std::string_view phrase, double probability);

  /// Whether `text` contains only supported words and neutral function words, names nothing twice, puts no
  /// skin colour before people, and uses function words and articles as in plain English, unlike "in the of"
  /// or "a man on ski slope". Unless `finished`, the text may end within a word; if `finished`, it must end
  /// with a content word and a full stop.
  bool allows(std::string_view text, bool finished) const;

  /// The content words of `text`, in order.
  std::vector<WordEvidence> evidence(std::string_view text) const;

  /// The term that is added to the value of `text`: the sum of log(support / kNeutralSupport) over its
  /// content words, with a support of at least 0.001. An unfinished last word below the threshold does not
  /// count.
  double value(std::string_view text) const;

 private:
  static constexpr double kNeutralSupport = 0.2;

  double support_of(const std::string& word) const;
  /// Whether a word that may follow `before` begins with `start`.
  bool may_begin_a_word(const GrammarWord& start, std::string_view before, bool is_first) const;
  /// Whether each of `words` is allowed, regardless of grammar.
  bool may_say(const std::vector<GrammarWord>& words) const;

  double least_;
  std::unordered_map<std::string, double> support_;
  std::set<std::string> supported_;  ///< words whose support is at least `least_`
  KnownNouns nouns_;
};

/// The expected number of true words, that is the sum of their support; vague words count a quarter.
double informative_support(const std::vector<WordEvidence>& words);

/// The lowest support among `words`; 0 if there are none.
double least_support(const std::vector<WordEvidence>& words);

}  // namespace kiloword
