#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kiloword {

/// Pieces that are matched whole anywhere in a text, before any merging: SentencePiece's "user-defined
/// symbols", Hugging Face's "added tokens".
class AddedPieces {
 public:
  /// A part of a text: an added piece (`id` >= 0), or text between added pieces.
  struct Part {
    std::string_view text;
    int32_t id;
  };

  /// The matching options of Hugging Face's AddedToken.
  struct Reach {
    bool single_word = false;  ///< does not match within a word
    bool takes_left = false;   ///< includes the white space before it (`lstrip`)
    bool takes_right = false;  ///< includes the white space after it (`rstrip`)
  };

  /// `piece` must not be empty.
  void add(std::string piece, int32_t id, Reach reach);
  void add(std::string piece, int32_t id) { add(std::move(piece), id, Reach()); }

  /// Splits `text` into non-empty parts. Of several pieces at one position, the longest matches.
  std::vector<Part> split(std::string_view text) const;

 private:
  struct Piece {
    std::string text;
    int32_t id;
    Reach reach;
  };

  const Piece* longest_at(std::string_view text) const;

  std::array<std::vector<Piece>, 256> by_first_byte_;  // longest first
};

/// Splits texts at added tokens before anything else, like Hugging Face's AddedVocabulary: first at tokens
/// that match the original text, then, between those, at tokens that match the normalised text.
struct AddedTokenSplitter {
  AddedPieces as_given;
  AddedPieces normalized;

  /// The ids of `text`: those of added tokens, and those that `append(part, ids)` adds for each non-empty,
  /// normalised part between them.
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
