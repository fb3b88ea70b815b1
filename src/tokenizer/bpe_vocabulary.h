#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kiloword {

enum class BpeFlavour {
  kClip,      ///< usually lower case; no spaces; the last piece of a word ends in `</w>`
  kGpt2,      ///< a word includes the space before it
  kFallback,  ///< SentencePiece's: characters, or bytes (`<0x0A>`) for those that are not pieces
};

/// The suffix of each word's last piece in CLIP's flavour.
inline constexpr std::string_view kEndOfWord = "</w>";

/// `piece` in quotes for an error message, truncated if long.
std::string quoted_piece(std::string_view piece);

/// The unchecked content of vocabulary files: pieces by id, and merges by rank.
struct BpePieces {
  struct Merge {
    std::string left;
    std::string right;
    size_t line;  ///< in the file, from 1, for errors
  };
  std::vector<std::string> pieces;
  std::vector<Merge> merges;
  std::string pieces_path;
  std::string merges_path;
};

/// A validated BPE vocabulary: every byte sequence can be spelled, and every merge results in a piece.
class BpeVocabulary {
 public:
  struct Merge {
    static constexpr uint32_t kNoRank = UINT32_MAX;
    uint32_t rank = kNoRank;  ///< the lowest is applied first
    int32_t id = -1;          ///< the merged piece
  };

  /// Throws Error(kModel), naming the file, for duplicate pieces or merges, a byte without a piece, and a
  /// merge of or into an unknown piece.
  BpeVocabulary(BpePieces source, BpeFlavour flavour);

  BpeFlavour flavour() const { return flavour_; }
  int32_t size() const { return static_cast<int32_t>(pieces_.size()); }
  bool contains(int32_t id) const { return id >= 0 && id < size(); }
  const std::string& piece(int32_t id) const { return pieces_[static_cast<size_t>(id)]; }
  /// The id of `piece`, or -1.
  int32_t find(std::string_view piece) const;

  int32_t byte_id(uint8_t byte) const { return byte_ids_[byte]; }
  /// The byte that piece `id` represents in flavour kFallback, or -1.
  int fallback_byte(int32_t id) const;
  /// The id of a word's last byte (with `</w>` in CLIP's flavour).
  int32_t last_byte_id(uint8_t byte) const { return last_byte_ids_[byte]; }
  /// The merge of `left` followed by `right`; rank kNoRank if they do not merge.
  Merge merge(int32_t left, int32_t right) const;

 private:
  struct Slot {
    uint64_t pair = UINT64_MAX;
    Merge merge;
  };

  void index_pieces(const std::string& path);
  void index_bytes(const std::string& path);
  void index_merges(const BpePieces& source);
  size_t slot_of(uint64_t pair) const;

  BpeFlavour flavour_;
  std::vector<std::string> pieces_;
  std::unordered_map<std::string_view, int32_t> ids_;  // views into pieces_
  std::array<int32_t, 256> byte_ids_{};
  std::array<int32_t, 256> last_byte_ids_{};
  std::vector<Slot> slots_;  // open addressing, a power of two, at most half full
};

}  // namespace kiloword
