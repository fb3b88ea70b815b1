#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace kiloword {

/// The folded words of a phrase that a user gave at `place`, never none. Throws Error(kUsage) for a phrase
/// that is not UTF-8, is over kMaxPhraseBytes, or has no letter or digit.
std::vector<std::string> phrase_words(const std::string& phrase, const std::string& place);

/// Phrases as sequences of folded words, in a trie: looking one up costs the same however many there are.
class PhraseSet {
 public:
  /// Adds the phrase of `words`, which are not empty. Returns its number, from 0 in the order of adding;
  /// equal phrases share one.
  size_t add(const std::vector<std::string>& words);

  /// Called for a phrase and the index behind its last word; true ends the search.
  using Found = std::function<bool(size_t phrase, size_t end)>;

  /// Finds every occurrence in `words`, by start, the shorter first.
  void find(const std::vector<std::string>& words, const Found& found) const;

 private:
  static uint64_t edge(uint32_t node, uint32_t word) { return uint64_t{node} << 32U | word; }

  std::unordered_map<std::string, uint32_t> words_;
  std::unordered_map<uint64_t, uint32_t> edges_;
  std::vector<std::optional<size_t>> phrase_at_{std::nullopt};  // per node: which phrase ends there
  size_t count_ = 0;
};

}  // namespace kiloword
