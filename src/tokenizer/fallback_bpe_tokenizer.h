#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/tokenizer/tokenizer.h"
#include "tokenizer/added_pieces.h"
#include "tokenizer/bpe_vocabulary.h"

namespace kiloword {

/// How a text is prepared before its characters are merged; spaces always become "▁" (U+2581).
struct FallbackBpeRules {
  struct Added {
    std::string piece;
    bool normalized = false;  ///< matches the normalised text, not the original
    bool special = false;     ///< never matches in a text; decodes to nothing
  };
  bool lower = false;
  bool begin_with_space = false;  ///< inserts "▁" before every part between added pieces
  std::vector<Added> added;       ///< pieces of the vocabulary
};

/// SentencePiece-style BPE of Hugging Face's `tokenizer.json` (Gemma, SigLIP 2, Llama): merges characters of
/// the whole text, and spells characters that the vocabulary lacks in bytes, "<0xE2>".
class FallbackBpeTokenizer final : public Tokenizer {
 public:
  /// `vocabulary` must be of flavour kFallback.
  FallbackBpeTokenizer(BpeVocabulary vocabulary, const FallbackBpeRules& rules);

  std::vector<int32_t> encode(std::string_view text) const override;
  std::string decode(const std::vector<int32_t>& ids) const override;
  std::string piece(int32_t id) const override;
  int32_t vocab_size() const override { return vocabulary_.size(); }
  int32_t start_id() const override { return start_id_; }
  int32_t end_id() const override { return end_id_; }

 private:
  std::string normalize(std::string_view text) const;
  std::vector<int32_t> spell(std::string_view text) const;

  BpeVocabulary vocabulary_;
  bool lower_;
  bool begins_with_space_;
  AddedTokenSplitter added_;
  std::vector<bool> is_special_;
  int32_t start_id_;
  int32_t end_id_;
};

}  // namespace kiloword
