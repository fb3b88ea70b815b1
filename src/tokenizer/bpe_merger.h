#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tokenizer/bpe_vocabulary.h"

namespace kiloword {

/// Merges the bytes of words into pieces: always the pair of the lowest rank, all its occurrences from left
/// to right (Sennrich et al. 2016, algorithm 1). With flavour kFallback, as SentencePiece does, a new pair of
/// a lower rank comes before the other occurrences. O(n log n) in the length of a word. One per thread; its
/// memory is reused.
class BpeMerger {
 public:
  explicit BpeMerger(const BpeVocabulary& vocabulary) : vocabulary_(vocabulary) {}

  /// Appends the ids of `word`, which is not empty and has less than 2^32 bytes.
  void append_ids(std::string_view word, std::vector<int32_t>& ids);

  /// Appends what `spelled`, less than 2^32 ids, is merged to.
  void append_merged(const std::vector<int32_t>& spelled, std::vector<int32_t>& ids);

 private:
  /// A piece of the word, in a list linked by index. A piece that was merged into its left neighbour has id
  /// -1.
  struct Symbol {
    int32_t id;
    uint32_t previous;
    uint32_t next;
    BpeVocabulary::Merge with_next;
  };
  /// The pair that starts at `left` had `rank` when this was queued; what is true now stands in the symbol.
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
  std::vector<Candidate> heap_;       // the smallest first
  std::vector<Candidate> new_pairs_;  // of the present round
};

}  // namespace kiloword
