#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "index/code.h"

namespace kiloword {

// An index file: kIndexMagic and zeros up to kIndexBegin, then blocks one after the other, each a head of 64
// bytes and what it announces, padded to 64. Numbers are little-endian. A block of images holds their codes
// and the scales of these (checked by a hash while they are scanned), their 16-bit floats (checked by making
// the code again of whichever are used), and a table of their names (checked when the index is opened). The
// file is only ever appended to.

constexpr std::string_view kIndexMagic = "kiloword index 1\n";
constexpr size_t kIndexBegin = 64;
constexpr size_t kBlockAlignment = 64;
/// Rows that a block has at most.
constexpr uint32_t kMaxBlockRows = 1 << 16;
constexpr uint32_t kMaxIndexDim = 1 << 16;

enum class BlockKind : uint32_t {
  kAbout = 1,  ///< what the index is of; the first block
  kImages = 2,
  kDropped = 3,  ///< rows whose images are gone
  kEnd = 4,      ///< an update was finished here
};

/// A block in a mapped file.
struct IndexBlock {
  BlockKind kind = BlockKind::kEnd;
  uint32_t rows = 0;
  uint64_t codes_hash = 0;
  std::string_view codes;   ///< int8 [rows, dim], then scales [rows]
  std::string_view halves;  ///< uint16 [rows, dim]
  std::string_view table;
  size_t bytes = 0;  ///< of all of it, head included

  const int8_t* code(size_t row, size_t dim) const {
    return reinterpret_cast<const int8_t*>(codes.data()) + row * dim;
  }
  CodeScale scale(size_t row, size_t dim) const;
  const uint16_t* half_row(size_t row, size_t dim) const {
    return reinterpret_cast<const uint16_t*>(halves.data()) + row * dim;
  }
  /// Whether the codes are those that were written.
  bool has_good_codes() const;
  /// Whether the code of this row is that of its 16-bit floats.
  bool has_good_row(size_t row, size_t dim) const;
};

/// The block at the beginning of `bytes`, with a table that is as it was written; none where there is no
/// whole one. `dim` is 0 for a file whose kind of embeddings is not known yet: then no block of images is.
std::optional<IndexBlock> read_block(std::string_view bytes, size_t dim);

/// Appends a block to `out`. `halves` [rows, dim] are those of images, else empty.
void append_block(std::string& out, BlockKind kind, uint32_t rows, size_t dim,
                  const std::vector<uint16_t>& halves, std::string_view table);

/// Numbers and texts in tables.
void put_number(std::string& out, uint64_t number);
void put_text(std::string& out, std::string_view text);

/// Reads what the functions above wrote; none from where the table ends too early on.
class TableReader {
 public:
  explicit TableReader(std::string_view table) : rest_(table) {}
  std::optional<uint64_t> number();
  std::optional<std::string_view> text();
  bool at_end() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace kiloword
