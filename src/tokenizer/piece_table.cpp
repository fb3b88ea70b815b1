#include "tokenizer/piece_table.h"

#include <algorithm>
#include <tuple>

namespace kiloword {
namespace {

/// The first eight bytes as a number with their order.
uint64_t start_of(std::string_view text) {
  uint64_t start = 0;
  for (size_t i = 0; i < sizeof start; ++i)
    start = start << 8U | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
  return start;
}

unsigned char byte_of(const PieceTable::Piece& piece, size_t at) {
  return static_cast<unsigned char>(piece.text[at]);
}

}  // namespace

PieceTable::PieceTable(const std::vector<Piece>& pieces) {
  struct Sorted {
    uint64_t start;
    Piece piece;
  };
  std::vector<Sorted> sorted;
  sorted.reserve(pieces.size());
  for (const Piece& piece : pieces) sorted.push_back({start_of(piece.text), piece});
  std::sort(sorted.begin(), sorted.end(), [](const Sorted& a, const Sorted& b) {
    if (a.start != b.start) return a.start < b.start;
    return std::tie(a.piece.text, a.piece.id) < std::tie(b.piece.text, b.piece.id);
  });
  pieces_.reserve(sorted.size());
  for (const Sorted& each : sorted) pieces_.push_back(each.piece);
  constexpr size_t kBytes = 256;
  for (size_t byte = 0; byte <= kBytes; ++byte) {
    const auto first = std::partition_point(pieces_.begin(), pieces_.end(),
                                            [byte](const Piece& piece) { return byte_of(piece, 0) < byte; });
    begin_of_byte_.push_back(static_cast<size_t>(first - pieces_.begin()));
  }
}

PieceTable::Range PieceTable::narrowed(Range range, size_t at, unsigned char byte) const {
  if (pieces_.empty()) return {0, 0};
  if (at == 0) return {begin_of_byte_[byte], begin_of_byte_[size_t{byte} + 1]};
  if (range.begin == range.end) return range;
  const unsigned char lowest = byte_of(pieces_[range.begin], at);
  if (lowest == byte_of(pieces_[range.end - 1], at))
    return lowest == byte ? range : Range{range.end, range.end};
  const auto begin = pieces_.begin() + static_cast<std::ptrdiff_t>(range.begin);
  const auto end = pieces_.begin() + static_cast<std::ptrdiff_t>(range.end);
  const auto first =
      std::partition_point(begin, end, [at, byte](const Piece& piece) { return byte_of(piece, at) < byte; });
  const auto behind =
      std::partition_point(first, end, [at, byte](const Piece& piece) { return byte_of(piece, at) == byte; });
  return {static_cast<size_t>(first - pieces_.begin()), static_cast<size_t>(behind - pieces_.begin())};
}

size_t PieceTable::behind_whole(Range range, size_t bytes) const {
  size_t at = range.begin;
  while (at < range.end && pieces_[at].text.size() == bytes) ++at;
  return at;
}

}  // namespace kiloword
