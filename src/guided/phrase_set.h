#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace kiloword {

/// The folded words, at least one, of a phrase that a user gave at `place`. Throws Error(kUsage) for a phrase
/// that is not UTF-8, exceeds kMaxPhraseBytes, or has no letter or digit.
std::vector<std::string> phrase_words(const std::string& phrase, const std::string& place);

/// A trie of phrases as sequences of folded words: the cost of a lookup does not depend on their number.
class PhraseSet {
 public:
  /// Adds the phrase `words`, which is not empty. Returns its number, counted from 0 in order of insertion;
  /// equal phrases share a number.
  size_t add(const std::vector<std::string>& words);

  /// Called with a phrase and the index after its last word; returning true ends the search.
  using Found = std::function<bool(size_t phrase, size_t end)>;

  /// Finds every occurrence in `words`, ordered by start, then by length.
  void find(const std::vector<std::string>& words, const Found& found) const;

 private:
  static uint64_t edge(uint32_t node, uint32_t word) { return uint64_t{node} << 32U | word; }

  std::unordered_map<std::string, uint32_t> words_;
  std::unordered_map<uint64_t, uint32_t> edges_;
  std::vector<std::optional<size_t>> phrase_at_{std::nullopt};  // per node: the phrase that ends there
  size_t count_ = 0;
};

}  // namespace kiloword
