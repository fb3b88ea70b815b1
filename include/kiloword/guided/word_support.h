#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kiloword/guided/word_evidence.h"

namespace kiloword {

/// What a word of a description asks of the image (English).
enum class WordClass {
  kFunction,  ///< nothing: articles, prepositions, forms of "be", words for images
  kContent,   ///< support
  kJudging,   ///< it judges people, and is never written
};

/// The class of `word`, folded as OutputRules folds.
WordClass word_class(std::string_view word);

/// Whether `word` is a colour that is also said of people's skin.
bool is_skin_colour(std::string_view word);

/// Whether `word`, or one of the words of a phrase, speaks of people.
bool speaks_of_people(std::string_view text);

/// Which words the image at hand supports, and what may be written with them.
class WordSupport {
 public:
  /// Words with less than `least` are not written.
  explicit WordSupport(double least) : least_(least) {}

  /// Each word of `phrase` is supported to `probability`, or to what it was before if that is more.
  void add(std::string_view phrase, double probability);

  /// Whether `text`, which may go on in the middle of a word unless it is `finished`, holds no word but
  /// function words and supported ones, no content word twice, no run of function words that says nothing or
  /// ends it, and no colour that stands before people.
  bool allows(std::string_view text, bool finished) const;

  /// The content words of `text`, in its order.
  std::vector<WordEvidence> evidence(std::string_view text) const;

  /// The sum of log(support / kNeutralSupport) over the content words of `text`: what they add to its value.
  double value(std::string_view text) const;

 private:
  static constexpr double kNeutralSupport = 0.2;

  double support_of(const std::string& word) const;
  bool begins_allowed_word(std::string_view start) const;

  double least_;
  std::unordered_map<std::string, double> support_;
};

/// The lowest support among `words`; 0 where there are none.
double least_support(const std::vector<WordEvidence>& words);

}  // namespace kiloword
