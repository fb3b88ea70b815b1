#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/tokenizer/tokenizer.h"
#include "tokenizer/added_pieces.h"
#include "tokenizer/added_tokens.h"
#include "tokenizer/character_map.h"
#include "tokenizer/piece_table.h"
#include "tokenizer/tokenizer_json_parts.h"

namespace kiloword {

/// Before which parts of a text a `▁` is inserted (Metaspace's `prepend_scheme`).
enum class SpacePrefix { kAlways, kFirst, kNever };

/// A Unigram vocabulary, and how texts are prepared for it.
struct UnigramVocabulary {
  std::vector<ScoredPiece> pieces;  ///< by id
  std::vector<int32_t> marks;       ///< ids of pieces that never match in a text: start, end, padding ...
  std::vector<AddedToken> added;    ///< tokens at which texts are split first; their ids are also marks
  int32_t unknown_id = 0;
  int32_t start_id = -1;
  int32_t end_id = -1;
  std::string character_map;    ///< SentencePiece's; empty: none
  bool strips_start = false;    ///< leading white space is removed
  bool strips_end = false;      ///< trailing white space is removed
  std::string gap;              ///< replaces runs of two or more spaces; empty: they are kept
  bool splits_at_space = true;  ///< splits at white space, which is dropped; else at spaces, which become `▁`
  SpacePrefix prefix = SpacePrefix::kAlways;
  bool byte_fallback = false;  ///< unknown characters become pieces of bytes, `<0x00>` to `<0xFF>`
};

/// Unigram segmentation (Kudo 2018) as in Hugging Face's tokenizers of XLM-R and SigLIP: a text is split at
/// added tokens, normalised, and split into words that begin with `▁`, and each word into its most likely
/// pieces; a run of characters without a piece becomes one unknown piece. Loads a million pieces in a
/// fraction of a second, the sentencepiece library in seconds.
class UnigramTokenizer final : public Tokenizer {
 public:
  /// `path` is shown in errors. Throws Error(kModel) for a vocabulary without pieces, or with invalid ids or
  /// an invalid character map.
  UnigramTokenizer(UnigramVocabulary vocabulary, const std::string& path);

  std::vector<int32_t> encode(std::string_view text) const override;
  std::string decode(const std::vector<int32_t>& ids) const override;
  std::string piece(int32_t id) const override;
  int32_t vocab_size() const override { return static_cast<int32_t>(vocabulary_.pieces.size()); }
  int32_t start_id() const override { return vocabulary_.start_id; }
  int32_t end_id() const override { return vocabulary_.end_id; }

 private:
  bool contains(int32_t id) const { return id >= 0 && id < vocab_size(); }
  void read_bytes(const std::string& path);
  void read_added_tokens();
  std::string normalize(std::string_view text) const;
  void append_words(std::string_view text, std::vector<int32_t>& ids) const;
  void append_marked(std::string_view text, bool prefixed, std::vector<int32_t>& ids) const;
  void append_word(std::string_view word, std::vector<int32_t>& ids) const;

  UnigramVocabulary vocabulary_;
  CharacterMap map_;
  PieceTable table_;
  AddedTokenSplitter added_;
  std::vector<int32_t> bytes_;  // ids of the 256 byte pieces; empty: none
  double unknown_score_ = 0;
};

}  // namespace kiloword
