#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "index/code.h"

namespace kiloword {

// The format of index files: kIndexMagic, zeros up to kIndexBegin, then a sequence of blocks, each a 64-byte
// header and a payload padded to a multiple of 64. Numbers are little-endian. A block of images contains
// codes with their scales (verified by a hash during scans), 16-bit floats (verified by recomputing the codes
// of rows in use), and a table of names (verified when the index is opened). The file is append-only.

constexpr std::string_view kIndexMagic = "kiloword index 1\n";
constexpr size_t kIndexBegin = 64;
constexpr size_t kBlockAlignment = 64;
/// Maximum number of rows per block.
constexpr uint32_t kMaxBlockRows = 1 << 16;
constexpr uint32_t kMaxIndexDim = 1 << 16;

enum class BlockKind : uint32_t {
  kAbout = 1,  ///< the IndexKey; always the first block
  kImages = 2,
  kDropped = 3,  ///< rows of deleted images
  kEnd = 4,      ///< the end of a completed update
};

/// A block in a mapped file.
struct IndexBlock {
  BlockKind kind = BlockKind::kEnd;
  uint32_t rows = 0;
  uint64_t codes_hash = 0;
  std::string_view codes;   ///< int8 [rows, dim], then scales [rows]
  std::string_view halves;  ///< uint16 [rows, dim]
  std::string_view table;
  size_t bytes = 0;  ///< total size, including the header

  const int8_t* code(size_t row, size_t dim) const {
    return reinterpret_cast<const int8_t*>(codes.data()) + row * dim;
  }
  CodeScale scale(size_t row, size_t dim) const;
  const uint16_t* half_row(size_t row, size_t dim) const {
    return reinterpret_cast<const uint16_t*>(halves.data()) + row * dim;
  }
  /// Whether the codes match their hash.
  bool has_good_codes() const;
  /// Whether the row's code matches its 16-bit floats.
  bool has_good_row(size_t row, size_t dim) const;
};

/// The block at the beginning of `bytes`; none if it is incomplete, or its table is corrupt. `dim` is 0 while
/// the width of embeddings is unknown; blocks of images are then rejected.
std::optional<IndexBlock> read_block(std::string_view bytes, size_t dim);

/// Appends a block to `out`. `halves` [rows, dim] for images, else empty.
void append_block(std::string& out, BlockKind kind, uint32_t rows, size_t dim,
                  const std::vector<uint16_t>& halves, std::string_view table);

/// Append a number or a text to a table.
void put_number(std::string& out, uint64_t number);
void put_text(std::string& out, std::string_view text);

/// Reads tables written by the functions above; returns none once the table is truncated.
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
