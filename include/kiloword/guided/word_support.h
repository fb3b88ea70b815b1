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

/// Nouns of an image that no list of English words holds, folded.
struct KnownNouns {
  std::unordered_set<std::string> countable;  ///< in the singular
  std::unordered_set<std::string> proper;     ///< parts of names that have a capital
};

/// What a word of a description requires of the image (English).
enum class WordClass {
  kFunction,  ///< nothing: articles, prepositions, forms of "be", words for images
  kContent,   ///< support
  kJudging,   ///< it judges people, and is never written
};

/// The class of `word`, folded as OutputRules folds.
WordClass word_class(std::string_view word);

/// Whether `word` is a colour that is also used for people's skin.
bool is_skin_colour(std::string_view word);

/// Whether `word`, or one of the words of a phrase, refers to people.
bool speaks_of_people(std::string_view text);

/// Which words the image at hand supports, and which texts they allow.
class WordSupport {
 public:
  /// Words with less than `least` are not written.
  explicit WordSupport(double least) : least_(least) {}

  /// Each word of `phrase` gets at least the support `probability`.
  void add(std::string_view phrase, double probability);

  /// The same for the name of something that is counted: its last word needs an article.
  void add_noun(std::string_view phrase, double probability);

  /// Whether `text`, which may go on in the middle of a word unless it is `finished`, holds no word but
  /// supported ones and function words that claim nothing, names nothing twice, has no colour before people,
  /// and is plain English as far as its function words and articles go: "in the of" and "a man on ski slope"
  /// are not.
  bool allows(std::string_view text, bool finished) const;

  /// The content words of `text`, in its order.
  std::vector<WordEvidence> evidence(std::string_view text) const;

  /// The sum of log(support / kNeutralSupport) over the content words of `text`, added to its value.
  double value(std::string_view text) const;

 private:
  static constexpr double kNeutralSupport = 0.2;

  double support_of(const std::string& word) const;
  /// Whether a word that may follow `before` begins with `start`.
  bool may_begin_a_word(const GrammarWord& start, std::string_view before, bool is_first) const;
  /// Whether each of `words` may be written, whatever its place.
  bool may_say(const std::vector<GrammarWord>& words) const;

  double least_;
  std::unordered_map<std::string, double> support_;
  std::set<std::string> supported_;  ///< words with `least_` or more
  KnownNouns nouns_;
};

/// The expected number of true words among `words`, by their support; vague words count a quarter.
double informative_support(const std::vector<WordEvidence>& words);

/// The lowest support among `words`; 0 where there are none.
double least_support(const std::vector<WordEvidence>& words);

}  // namespace kiloword
