#include "index/index_block.h"

#include <cstring>

#include "kiloword/base/hash.h"

namespace kiloword {
namespace {

constexpr uint64_t kBlockMagic = 0x0A6B636F6C62776BULL;  // "kwblock\n"
constexpr uint64_t kMaxTableBytes = uint64_t{1} << 32U;

struct BlockHead {
  uint64_t magic = kBlockMagic;
  uint32_t kind = 0;
  uint32_t rows = 0;
  uint64_t table_bytes = 0;
  uint64_t table_hash = 0;
  uint64_t codes_hash = 0;
  uint64_t spare[2] = {0, 0};  // NOLINT(modernize-avoid-c-arrays)
  uint64_t head_hash = 0;      ///< of what stands before it
};
static_assert(sizeof(BlockHead) == kBlockAlignment);

uint64_t hash_of(const BlockHead& head) {
  return hash64({reinterpret_cast<const char*>(&head), offsetof(BlockHead, head_hash)});
}

size_t aligned(size_t bytes) {
  return (bytes + kBlockAlignment - 1) / kBlockAlignment * kBlockAlignment;
}

size_t code_bytes(size_t rows, size_t dim) {
  return aligned(rows * dim) + rows * sizeof(CodeScale);
}

/// Pads what `out` has from `begin` on.
void pad(std::string& out, size_t begin) {
  out.resize(begin + aligned(out.size() - begin), '\0');
}

}  // namespace

CodeScale IndexBlock::scale(size_t row, size_t dim) const {
  CodeScale of;
  std::memcpy(&of, codes.data() + aligned(rows * dim) + row * sizeof of, sizeof of);
  return of;
}

bool IndexBlock::has_good_codes() const {
  return hash64(codes) == codes_hash;
}

bool IndexBlock::has_good_row(size_t row, size_t dim) const {
  std::vector<int8_t> made(dim);
  const CodeScale of = encode_row(half_row(row, dim), dim, made.data());
  return of == scale(row, dim) && std::memcmp(made.data(), code(row, dim), dim) == 0;
}

std::optional<IndexBlock> read_block(std::string_view bytes, size_t dim) {
  BlockHead head;
  if (bytes.size() < sizeof head) return std::nullopt;
  std::memcpy(&head, bytes.data(), sizeof head);
  if (head.magic != kBlockMagic || head.head_hash != hash_of(head)) return std::nullopt;
  IndexBlock block;
  block.kind = static_cast<BlockKind>(head.kind);
  block.rows = head.rows;
  block.codes_hash = head.codes_hash;
  const bool of_images = block.kind == BlockKind::kImages;
  if (head.rows > kMaxBlockRows || head.table_bytes > kMaxTableBytes || (of_images && dim == 0))
    return std::nullopt;
  const size_t codes = of_images ? code_bytes(head.rows, dim) : 0;
  const size_t halves = of_images ? head.rows * dim * sizeof(uint16_t) : 0;
  const size_t halves_begin = sizeof head + aligned(codes);
  const size_t table_begin = halves_begin + aligned(halves);
  block.bytes = table_begin + aligned(head.table_bytes);
  if (block.bytes > bytes.size()) return std::nullopt;
  block.codes = bytes.substr(sizeof head, codes);
  block.halves = bytes.substr(halves_begin, halves);
  block.table = bytes.substr(table_begin, head.table_bytes);
  if (hash64(block.table) != head.table_hash) return std::nullopt;
  return block;
}

void append_block(std::string& out, BlockKind kind, uint32_t rows, size_t dim,
                  const std::vector<uint16_t>& halves, std::string_view table) {
  const size_t begin = out.size();
  out.append(sizeof(BlockHead), '\0');
  BlockHead head;
  head.kind = static_cast<uint32_t>(kind);
  head.rows = rows;
  if (kind == BlockKind::kImages) {
    std::string codes(code_bytes(rows, dim), '\0');
    for (size_t row = 0; row < rows; ++row) {
      const CodeScale of =
          encode_row(halves.data() + row * dim, dim, reinterpret_cast<int8_t*>(codes.data()) + row * dim);
      std::memcpy(codes.data() + aligned(rows * dim) + row * sizeof of, &of, sizeof of);
    }
    head.codes_hash = hash64(codes);
    out += codes;
    pad(out, begin);
    out.append(reinterpret_cast<const char*>(halves.data()), rows * dim * sizeof(uint16_t));
    pad(out, begin);
  }
  head.table_bytes = table.size();
  head.table_hash = hash64(table);
  out += table;
  pad(out, begin);
  head.head_hash = hash_of(head);
  std::memcpy(out.data() + begin, &head, sizeof head);
}

void put_number(std::string& out, uint64_t number) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void put_text(std::string& out, std::string_view text) {
  put_number(out, text.size());
  out += text;
}

std::optional<uint64_t> TableReader::number() {
  uint64_t number = 0;
  if (rest_.size() < sizeof number) return std::nullopt;
  std::memcpy(&number, rest_.data(), sizeof number);
  rest_.remove_prefix(sizeof number);
  return number;
}

std::optional<std::string_view> TableReader::text() {
  const std::optional<uint64_t> bytes = number();
  if (!bytes || *bytes > rest_.size()) return std::nullopt;
  const std::string_view text = rest_.substr(0, *bytes);
  rest_.remove_prefix(*bytes);
  return text;
}

}  // namespace kiloword
