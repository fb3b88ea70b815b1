#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// Finds the pieces of a vocabulary that are prefixes of a text. Sorting a million pieces takes a fraction of
/// the time of building a trie.
class PieceTable {
 public:
  /// A piece to search for; not empty.
  struct Piece {
    std::string_view text;  ///< must outlive the table
    int32_t id;
  };

  PieceTable() = default;
  explicit PieceTable(const std::vector<Piece>& pieces);

  /// Calls `found(id, bytes)` for every piece that `text` begins with, shortest first; among equal pieces
  /// only for the one with the highest id.
  template <typename Found>
  void for_prefixes(std::string_view text, const Found& found) const {
    Range range{0, pieces_.size()};
    for (size_t at = 0; at < text.size(); ++at) {
      range = narrowed(range, at, static_cast<unsigned char>(text[at]));
      if (range.begin == range.end) return;
      const size_t behind = behind_whole(range, at + 1);
      if (behind > range.begin) found(pieces_[behind - 1].id, at + 1);
      range.begin = behind;
    }
  }

 private:
  struct Range {
    size_t begin;
    size_t end;
  };

  /// The pieces of `range`, all longer than `at` bytes, that have `byte` at `at`.
  Range narrowed(Range range, size_t at, unsigned char byte) const;
  /// The first piece of `range` that is longer than `bytes`.
  size_t behind_whole(Range range, size_t bytes) const;

  std::vector<Piece> pieces_;          // sorted by text, then by id
  std::vector<size_t> begin_of_byte_;  // the first piece that begins with this byte or a higher one
};

}  // namespace kiloword
