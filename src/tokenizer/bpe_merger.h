#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tokenizer/bpe_vocabulary.h"

namespace kiloword {

/// Merges the bytes of words into pieces: repeatedly merges the pair with the lowest rank, all its
/// occurrences from left to right (Sennrich et al. 2016, algorithm 1). With flavour kFallback, as in
/// SentencePiece, a new pair of lower rank takes precedence over the remaining occurrences. O(n log n) in the
/// length of a word. Reuses its memory, so use one per thread.
class BpeMerger {
 public:
  explicit BpeMerger(const BpeVocabulary& vocabulary) : vocabulary_(vocabulary) {}

  /// Appends the ids of `word`, which must not be empty and must have fewer than 2^32 bytes.
  void append_ids(std::string_view word, std::vector<int32_t>& ids);

  /// Appends the result of merging the ids `spelled`, fewer than 2^32.
  void append_merged(const std::vector<int32_t>& spelled, std::vector<int32_t>& ids);

 private:
  /// A piece of the word, in a list linked by index. A piece merged into its left neighbour has id -1.
  struct Symbol {
    int32_t id;
    uint32_t previous;
    uint32_t next;
    BpeVocabulary::Merge with_next;
  };
  /// The pair at `left` had `rank` when queued; the symbol has its current rank.
  struct Candidate {
    uint32_t rank;
    uint32_t left;
    bool operator>(const Candidate& other) const {
      return rank != other.rank ? rank > other.rank : left > other.left;
    }
  };

  void link(const std::vector<int32_t>& spelled);
  void merge_all();
  void merge_with_next(uint32_t left);
  void queue_pair(uint32_t left);

  const BpeVocabulary& vocabulary_;
  std::vector<int32_t> spelled_;
  std::vector<Symbol> symbols_;
  std::vector<Candidate> heap_;       // min-heap
  std::vector<Candidate> new_pairs_;  // of the current round
};

}  // namespace kiloword
