#include "kiloword/guided/word_support.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "guided/folded_text.h"
#include "guided/word_lists.h"

namespace kiloword {
namespace {

constexpr size_t kMostFunctionWords = 5;  // one after another

bool contains(const std::vector<std::string_view>& sorted, std::string_view word) {
  return std::binary_search(sorted.begin(), sorted.end(), word);
}

bool begins_one_of(const std::vector<std::string_view>& sorted, std::string_view start) {
  const auto found = std::lower_bound(sorted.begin(), sorted.end(), start);
  return found != sorted.end() && found->substr(0, start.size()) == start;
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
  }
}

double WordSupport::support_of(const std::string& word) const {
  const auto found = support_.find(word);
  return found == support_.end() ? 0 : found->second;
}

bool WordSupport::begins_allowed_word(std::string_view start) const {
  if (begins_one_of(function_words(), start)) return true;
  return std::any_of(support_.begin(), support_.end(), [&](const auto& entry) {
    return entry.second >= least_ && entry.first.compare(0, start.size(), start) == 0;
  });
}

bool WordSupport::allows(std::string_view text, bool finished) const {
  const FoldedText folded = fold_text(text);
  std::set<std::string_view> seen;
  size_t function_run = 0;
  std::string_view before;
  for (size_t i = 0; i < folded.words.size(); ++i) {
    const std::string& word = folded.words[i];
    const bool open = folded.open_end && !finished && i + 1 == folded.words.size();
    if (open) return begins_allowed_word(word);
    if (is_skin_colour(before) && contains(people_words(), word)) return false;
    const WordClass kind = word_class(word);
    if (kind == WordClass::kJudging) return false;
    function_run = kind == WordClass::kFunction ? function_run + 1 : 0;
    if (function_run > kMostFunctionWords) return false;
    if (kind == WordClass::kContent && (support_of(word) < least_ || !seen.insert(word).second)) return false;
    before = word;
  }
  return !finished || !seen.empty();
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

double least_support(const std::vector<WordEvidence>& words) {
  double least = words.empty() ? 0 : 1;
  for (const WordEvidence& word : words) least = std::min(least, word.support);
  return least;
}

}  // namespace kiloword
