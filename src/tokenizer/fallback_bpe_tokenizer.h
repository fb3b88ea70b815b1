#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/tokenizer/tokenizer.h"
#include "tokenizer/added_pieces.h"
#include "tokenizer/bpe_vocabulary.h"

namespace kiloword {

/// What is done to a text before its characters are merged; spaces become "▁" (U+2581) in any case.
struct FallbackBpeRules {
  struct Added {
    std::string piece;
    bool normalized = false;  ///< looked for in the text as these rules leave it, not as it was given
    bool special = false;     ///< for the model's use: never found in a text, and decoded to nothing
  };
  bool lower = false;
  bool begin_with_space = false;  ///< "▁" before every stretch of text between added pieces
  std::vector<Added> added;       ///< pieces of the vocabulary
};

/// SentencePiece's kind of BPE as Hugging Face's `tokenizer.json` has it (Gemma, SigLIP 2, Llama): characters
/// are merged over the whole text, and those that the vocabulary lacks are spelled by bytes, "<0xE2>".
class FallbackBpeTokenizer final : public Tokenizer {
 public:
  /// `vocabulary` is of flavour kFallback.
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
