#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kiloword {

/// Pieces that are taken whole wherever a text has them, before anything is merged: SentencePiece's
/// "user-defined symbols", Hugging Face's "added tokens".
class AddedPieces {
 public:
  /// A stretch of a text: an added piece (`id` >= 0), or what stands between two.
  struct Part {
    std::string_view text;
    int32_t id;
  };

  /// `piece` is not empty.
  void add(std::string piece, int32_t id);

  /// `text` in parts, none of them empty; where several pieces begin, the longest is taken.
  std::vector<Part> split(std::string_view text) const;

 private:
  struct Piece {
    std::string text;
    int32_t id;
  };

  const Piece* longest_at(std::string_view text) const;

  std::array<std::vector<Piece>, 256> by_first_byte_;  // the longest first
};

}  // namespace kiloword
