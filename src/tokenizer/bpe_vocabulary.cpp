#include "tokenizer/bpe_vocabulary.h"

#include <algorithm>
#include <utility>

#include "kiloword/base/error.h"
#include "tokenizer/byte_alphabet.h"

namespace kiloword {
namespace {

constexpr const char* kRemedy = "take the tokenizer files that belong to the model";

uint64_t pair_key(int32_t left, int32_t right) {
  return (uint64_t{static_cast<uint32_t>(left)} << 32) | static_cast<uint32_t>(right);
}

/// How a vocabulary of `flavour` spells `byte`.
std::string spelling_of(uint8_t byte, BpeFlavour flavour) {
  return flavour == BpeFlavour::kFallback ? fallback_spelling(byte) : byte_spelling(byte);
}

}  // namespace

std::string quoted_piece(std::string_view piece) {
  constexpr size_t kShown = 40;
  if (piece.size() <= kShown) return "'" + std::string(piece) + "'";
  return "'" + std::string(piece.substr(0, kShown)) + "...'";
}

BpeVocabulary::BpeVocabulary(BpePieces source, BpeFlavour flavour)
    : flavour_(flavour), pieces_(std::move(source.pieces)) {
  index_pieces(source.pieces_path);
  index_bytes(source.pieces_path);
  index_merges(source);
}

int32_t BpeVocabulary::find(std::string_view piece) const {
  const auto found = ids_.find(piece);
  return found == ids_.end() ? -1 : found->second;
}

int BpeVocabulary::fallback_byte(int32_t id) const {
  const auto found = std::find(byte_ids_.begin(), byte_ids_.end(), id);
  return found == byte_ids_.end() ? -1 : static_cast<int>(found - byte_ids_.begin());
}

void BpeVocabulary::index_pieces(const std::string& path) {
  ids_.reserve(pieces_.size());
  for (size_t id = 0; id < pieces_.size(); ++id) {
    if (!ids_.emplace(pieces_[id], static_cast<int32_t>(id)).second) {
      throw Error(ErrorKind::kModel, "vocabulary has the piece " + quoted_piece(pieces_[id]) + " twice", path,
                  kRemedy);
    }
  }
}

void BpeVocabulary::index_bytes(const std::string& path) {
  const auto id_of = [&](const std::string& piece) {
    const int32_t id = find(piece);
    if (id < 0)
      throw Error(ErrorKind::kModel, "vocabulary lacks the byte piece " + quoted_piece(piece), path, kRemedy);
    return id;
  };
  for (size_t byte = 0; byte < 256; ++byte) {
    const std::string spelling = spelling_of(static_cast<uint8_t>(byte), flavour_);
    byte_ids_[byte] = id_of(spelling);
    last_byte_ids_[byte] =
        flavour_ == BpeFlavour::kClip ? id_of(spelling + std::string(kEndOfWord)) : byte_ids_[byte];
  }
}

void BpeVocabulary::index_merges(const BpePieces& source) {
  size_t capacity = 2;
  while (capacity < 2 * source.merges.size()) capacity *= 2;
  slots_.resize(capacity);
  uint32_t rank = 0;
  for (const BpePieces::Merge& merge : source.merges) {
    const auto fail = [&](const std::string& what) {
      throw Error(ErrorKind::kModel, what, source.merges_path + ":" + std::to_string(merge.line), kRemedy);
    };
    const int32_t left = find(merge.left);
    const int32_t right = find(merge.right);
    const int32_t whole = find(merge.left + merge.right);
    if (left < 0) fail("merge of " + quoted_piece(merge.left) + ", which is not in the vocabulary");
    if (right < 0) fail("merge of " + quoted_piece(merge.right) + ", which is not in the vocabulary");
    if (whole < 0)
      fail("merge into " + quoted_piece(merge.left + merge.right) + ", which is not in the vocabulary");
    Slot& slot = slots_[slot_of(pair_key(left, right))];
    if (slot.merge.rank != Merge::kNoRank) {
      fail("merge of " + quoted_piece(merge.left) + " and " + quoted_piece(merge.right) + " is listed twice");
    }
    slot = {pair_key(left, right), {rank++, whole}};
  }
}

/// The slot that holds `pair`, or the free one where it belongs.
size_t BpeVocabulary::slot_of(uint64_t pair) const {
  constexpr uint64_t kGoldenRatio = 0x9E3779B97F4A7C15u;  // Knuth's multiplicative hashing
  const uint64_t mixed = pair * kGoldenRatio;
  const size_t mask = slots_.size() - 1;
  size_t slot = static_cast<size_t>(mixed ^ (mixed >> 32)) & mask;
  while (slots_[slot].merge.rank != Merge::kNoRank && slots_[slot].pair != pair) slot = (slot + 1) & mask;
  return slot;
}

BpeVocabulary::Merge BpeVocabulary::merge(int32_t left, int32_t right) const {
  return slots_[slot_of(pair_key(left, right))].merge;
}

}  // namespace kiloword
