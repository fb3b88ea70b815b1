#include "tokenizer/bpe_merger.h"

#include <algorithm>
#include <functional>

namespace kiloword {
namespace {

constexpr uint32_t kNone = UINT32_MAX;

}  // namespace

void BpeMerger::append_ids(std::string_view word, std::vector<int32_t>& ids) {
  spelled_.clear();
  for (const char byte : word) spelled_.push_back(vocabulary_.byte_id(static_cast<uint8_t>(byte)));
  spelled_.back() = vocabulary_.last_byte_id(static_cast<uint8_t>(word.back()));
  append_merged(spelled_, ids);
}

void BpeMerger::append_merged(const std::vector<int32_t>& spelled, std::vector<int32_t>& ids) {
  if (spelled.empty()) return;
  link(spelled);
  merge_all();
  for (uint32_t at = 0; at != kNone; at = symbols_[at].next) ids.push_back(symbols_[at].id);
}

void BpeMerger::link(const std::vector<int32_t>& spelled) {
  symbols_.resize(spelled.size());
  for (uint32_t i = 0; i < symbols_.size(); ++i) {
    const bool last = i + 1 == symbols_.size();
    symbols_[i] = {spelled[i], i == 0 ? kNone : i - 1, last ? kNone : i + 1, {}};
  }
  new_pairs_.clear();
  for (uint32_t i = 0; i + 1 < symbols_.size(); ++i) queue_pair(i);
  heap_.swap(new_pairs_);
  std::make_heap(heap_.begin(), heap_.end(), std::greater<>());
}

/// In rounds, all occurrences of one pair are merged before the pairs that this makes are looked at, even
/// where one of those has a lower rank: that is GPT-2's and CLIP's order.
void BpeMerger::merge_all() {
  const bool in_rounds = vocabulary_.flavour() != BpeFlavour::kFallback;
  while (!heap_.empty()) {
    const uint32_t rank = heap_.front().rank;
    new_pairs_.clear();
    do {
      const uint32_t left = heap_.front().left;
      std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
      heap_.pop_back();
      if (symbols_[left].with_next.rank == rank) merge_with_next(left);
    } while (in_rounds && !heap_.empty() && heap_.front().rank == rank);
    for (const Candidate& pair : new_pairs_) {
      heap_.push_back(pair);
      std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
    }
  }
}

void BpeMerger::merge_with_next(uint32_t left) {
  Symbol& symbol = symbols_[left];
  Symbol& absorbed = symbols_[symbol.next];
  symbol.id = symbol.with_next.id;
  symbol.next = absorbed.next;
  absorbed.id = -1;
  absorbed.with_next = {};
  if (symbol.next != kNone) symbols_[symbol.next].previous = left;
  queue_pair(left);
  if (symbol.previous != kNone) queue_pair(symbol.previous);
}

void BpeMerger::queue_pair(uint32_t left) {
  Symbol& symbol = symbols_[left];
  symbol.with_next =
      symbol.next == kNone ? BpeVocabulary::Merge{} : vocabulary_.merge(symbol.id, symbols_[symbol.next].id);
  if (symbol.with_next.rank != BpeVocabulary::Merge::kNoRank)
    new_pairs_.push_back({symbol.with_next.rank, left});
}

}  // namespace kiloword
