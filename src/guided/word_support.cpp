#include "kiloword/guided/word_support.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "guided/folded_text.h"
#include "guided/plain_grammar.h"
#include "guided/word_lists.h"

namespace kiloword {
namespace {

bool contains(const std::vector<std::string_view>& sorted, std::string_view word) {
  return std::binary_search(sorted.begin(), sorted.end(), word);
}

/// Whether a function word that may follow `before` begins with `start`.
bool begins_one_of(std::string_view start, std::string_view before) {
  const std::vector<std::string_view>& words = plain_function_words();
  for (auto word = std::lower_bound(words.begin(), words.end(), start);
       word != words.end() && word->substr(0, start.size()) == start; ++word) {
    if (may_follow(before, *word)) return true;
  }
  return false;
}

/// One word for those that say the same.
std::string meaning(const std::string& word) {
  static const std::unordered_map<std::string, std::string> kSame{
      {"bike", "bicycle"},  {"motorbike", "motorcycle"}, {"kid", "child"},   {"guy", "man"},
      {"lady", "woman"},    {"sidewalk", "street"},      {"road", "street"}, {"rocky", "rock"},
      {"snowy", "snow"},    {"grassy", "grass"},         {"sandy", "sand"},  {"outside", "outdoors"},
      {"inside", "indoors"}};
  const std::string one = singular(word);
  const auto same = kSame.find(one);
  return same == kSame.end() ? one : same->second;
}

}  // namespace

WordClass word_class(std::string_view word) {
  if (contains(judging_words(), word)) return WordClass::kJudging;
  return contains(function_words(), word) ? WordClass::kFunction : WordClass::kContent;
}

bool is_skin_colour(std::string_view word) {
  return contains(skin_colours(), word);
}

bool speaks_of_people(std::string_view text) {
  const std::vector<std::string> words = fold_text(text).words;
  return std::any_of(words.begin(), words.end(),
                     [](const std::string& word) { return contains(people_words(), word); });
}

void WordSupport::add(std::string_view phrase, double probability) {
  for (const std::string& word : fold_text(phrase).words) {
    double& support = support_[word];
    support = std::max(support, probability);
    if (support >= least_) supported_.insert(word);
  }
}

double WordSupport::support_of(const std::string& word) const {
  const auto found = support_.find(word);
  return found == support_.end() ? 0 : found->second;
}

void WordSupport::add_noun(std::string_view phrase, double probability) {
  add(phrase, probability);
  if (const auto written = grammar_words(phrase)) {
    for (const GrammarWord& word : *written) {
      if (word.text != word.folded) nouns_.proper.insert(word.folded);
    }
  }
  const std::vector<std::string> words = fold_text(phrase).words;
  if (!words.empty() && singular(words.back()) == words.back()) nouns_.countable.insert(words.back());
}

bool WordSupport::may_begin_a_word(const GrammarWord& start, std::string_view before, bool is_first) const {
  const bool is_upper = start.text != start.folded;
  if ((is_first || !is_upper) && begins_one_of(start.folded, before)) return true;
  const auto word = supported_.lower_bound(start.folded);
  return word != supported_.end() && word->compare(0, start.folded.size(), start.folded) == 0;
}

bool WordSupport::may_say(const std::vector<GrammarWord>& words) const {
  std::set<std::string> said;
  std::string_view before;
  for (const GrammarWord& word : words) {
    if (is_skin_colour(before) && contains(people_words(), word.folded)) return false;
    const WordClass kind = word_class(word.folded);
    if (kind == WordClass::kJudging) return false;
    if (kind == WordClass::kFunction && !contains(plain_function_words(), word.folded)) return false;
    if (kind == WordClass::kContent &&
        (support_of(word.folded) < least_ || !said.insert(meaning(word.folded)).second))
      return false;
    before = word.folded;
  }
  return true;
}

bool WordSupport::allows(std::string_view text, bool finished) const {
  std::optional<std::vector<GrammarWord>> words = grammar_words(text);
  if (!words) return false;
  if (finished) {
    return !words->empty() && text.back() == '.' && word_class(words->back().folded) == WordClass::kContent &&
           may_say(*words) && is_plain(*words, nouns_, true);
  }
  if (words->empty()) return true;
  if (!fold_text(text).open_end) return may_say(*words) && is_plain(*words, nouns_, false);
  const GrammarWord open = words->back();
  words->pop_back();
  const std::string_view before = words->empty() ? std::string_view() : words->back().folded;
  return may_begin_a_word(open, before, words->empty()) && may_say(*words) && is_plain(*words, nouns_, false);
}

std::vector<WordEvidence> WordSupport::evidence(std::string_view text) const {
  std::vector<WordEvidence> words;
  for (const std::string& word : fold_text(text).words) {
    if (word_class(word) != WordClass::kFunction) words.push_back({word, support_of(word)});
  }
  return words;
}

double WordSupport::value(std::string_view text) const {
  const FoldedText folded = fold_text(text);
  double sum = 0;
  for (size_t i = 0; i < folded.words.size(); ++i) {
    const double support = support_of(folded.words[i]);
    const bool open = folded.open_end && i + 1 == folded.words.size();
    if (open && support < least_) continue;  // not a word yet
    if (word_class(folded.words[i]) == WordClass::kContent)
      sum += std::log(std::max(support, 1e-3) / kNeutralSupport);
  }
  return sum;
}

double informative_support(const std::vector<WordEvidence>& words) {
  double sum = 0;
  for (const WordEvidence& word : words)
    sum += contains(vague_words(), word.word) ? word.support / 4 : word.support;
  return sum;
}

double least_support(const std::vector<WordEvidence>& words) {
  double least = words.empty() ? 0 : 1;
  for (const WordEvidence& word : words) least = std::min(least, word.support);
  return least;
}

}  // namespace kiloword
