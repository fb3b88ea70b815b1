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

/// Tokens that texts are split at before anything else, as Hugging Face's AddedVocabulary does it: first
/// those that are looked for in a text as given, then, between them, those that are looked for in the
/// normalised text.
struct AddedTokenSplitter {
  AddedPieces as_given;
  AddedPieces normalized;

  /// The ids of `text`: those of added tokens, and those that `append(part, ids)` adds for every normalised
  /// stretch between them, none of which is empty.
  template <typename Normalize, typename Append>
  std::vector<int32_t> encode(std::string_view text, const Normalize& normalize, const Append& append) const {
    std::vector<int32_t> ids;
    for (const AddedPieces::Part& given : as_given.split(text)) {
      if (given.id >= 0) {
        ids.push_back(given.id);
        continue;
      }
      const std::string normal = normalize(given.text);
      for (const AddedPieces::Part& part : normalized.split(normal)) {
        if (part.id >= 0) {
          ids.push_back(part.id);
        } else {
          append(part.text, ids);
        }
      }
    }
    return ids;
  }
};

}  // namespace kiloword
