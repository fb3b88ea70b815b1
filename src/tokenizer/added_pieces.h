#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
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

  /// How far a piece reaches, as Hugging Face's AddedToken has it.
  struct Reach {
    bool single_word = false;  ///< not within a word
    bool takes_left = false;   ///< with the white space before it (`lstrip`)
    bool takes_right = false;  ///< with the white space behind it (`rstrip`)
  };

  /// `piece` is not empty.
  void add(std::string piece, int32_t id, Reach reach);
  void add(std::string piece, int32_t id) { add(std::move(piece), id, Reach()); }

  /// `text` in parts, none of them empty; where several pieces begin, the longest is taken.
  std::vector<Part> split(std::string_view text) const;

 private:
  struct Piece {
    std::string text;
    int32_t id;
    Reach reach;
  };

  const Piece* longest_at(std::string_view text) const;

  std::array<std::vector<Piece>, 256> by_first_byte_;  // the longest first
};

}  // namespace kiloword
