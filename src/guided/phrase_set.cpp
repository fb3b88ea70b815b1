#include "guided/phrase_set.h"

#include <limits>

#include "guided/folded_text.h"
#include "kiloword/base/error.h"
#include "kiloword/base/utf8.h"
#include "kiloword/guided/output_rules.h"

namespace kiloword {
namespace {

constexpr uint32_t kUnknownWord = std::numeric_limits<uint32_t>::max();

}  // namespace

std::vector<std::string> phrase_words(const std::string& phrase, const std::string& place) {
  if (!is_valid_utf8(phrase)) {
    throw Error(ErrorKind::kUsage, "phrase that is not UTF-8", place, "write it in UTF-8");
  }
  if (phrase.size() > kMaxPhraseBytes) {
    throw Error(ErrorKind::kUsage, "phrase of " + std::to_string(phrase.size()) + " bytes", place,
                "a phrase has at most " + std::to_string(kMaxPhraseBytes));
  }
  std::vector<std::string> words = fold_text(phrase).words;
  if (words.empty()) {
    throw Error(ErrorKind::kUsage, "phrase without a letter or digit", place, "write a word or a phrase");
  }
  return words;
}

size_t PhraseSet::add(const std::vector<std::string>& words) {
  uint32_t node = 0;
  for (const std::string& word : words) {
    const uint32_t id = words_.emplace(word, static_cast<uint32_t>(words_.size())).first->second;
    const auto [next, is_new] = edges_.emplace(edge(node, id), static_cast<uint32_t>(phrase_at_.size()));
    if (is_new) phrase_at_.emplace_back();
    node = next->second;
  }
  std::optional<size_t>& phrase = phrase_at_[node];
  if (!phrase) phrase = count_++;
  return *phrase;
}

void PhraseSet::find(const std::vector<std::string>& words, const Found& found) const {
  if (count_ == 0) return;
  std::vector<uint32_t> ids;
  ids.reserve(words.size());
  for (const std::string& word : words) {
    const auto known = words_.find(word);
    ids.push_back(known == words_.end() ? kUnknownWord : known->second);
  }
  for (size_t start = 0; start < ids.size(); ++start) {
    uint32_t node = 0;
    for (size_t i = start; i < ids.size() && ids[i] != kUnknownWord; ++i) {
      const auto next = edges_.find(edge(node, ids[i]));
      if (next == edges_.end()) break;
      node = next->second;
      if (phrase_at_[node] && found(*phrase_at_[node], i + 1)) return;
    }
  }
}

}  // namespace kiloword
