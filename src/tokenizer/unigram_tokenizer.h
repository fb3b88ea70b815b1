#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/tokenizer/tokenizer.h"
#include "tokenizer/character_map.h"
#include "tokenizer/piece_table.h"
#include "tokenizer/tokenizer_json_parts.h"

namespace kiloword {

/// A Unigram vocabulary, and what is done to texts before it.
struct UnigramVocabulary {
  std::vector<ScoredPiece> pieces;  ///< by id
  std::vector<int32_t> marks;       ///< ids of pieces that no text has: start, end, padding ...
  int32_t unknown_id = 0;
  int32_t start_id = -1;
  int32_t end_id = -1;
  std::string character_map;  ///< of SentencePiece; empty: characters stay what they are
  bool strips_end = false;    ///< white space at the end is removed
  std::string gap;            ///< what runs of two or more spaces become; empty: they stay
};

/// Unigram segmentation (Kudo 2018) of words as XLM-R's tokenizers have it in Hugging Face's library: texts
/// are split at white space, every word begins with a `▁`, and its likeliest pieces are found; characters
/// that are no piece become the unknown one, runs of them only one. SentencePiece's library takes seconds to
/// load a million pieces, this a fraction of one.
class UnigramTokenizer final : public Tokenizer {
 public:
  /// `path`: named in errors. Throws Error(kModel) for a vocabulary without pieces, or whose ids or character
  /// map cannot be.
  UnigramTokenizer(UnigramVocabulary vocabulary, const std::string& path);

  std::vector<int32_t> encode(std::string_view text) const override;
  std::string decode(const std::vector<int32_t>& ids) const override;
  std::string piece(int32_t id) const override;
  int32_t vocab_size() const override { return static_cast<int32_t>(vocabulary_.pieces.size()); }
  int32_t start_id() const override { return vocabulary_.start_id; }
  int32_t end_id() const override { return vocabulary_.end_id; }

 private:
  bool contains(int32_t id) const { return id >= 0 && id < vocab_size(); }
  std::string normalize(std::string_view text) const;
  void append_word(std::string_view word, std::vector<int32_t>& ids) const;

  UnigramVocabulary vocabulary_;
  CharacterMap map_;
  PieceTable table_;
  double unknown_score_ = 0;
};

}  // namespace kiloword
