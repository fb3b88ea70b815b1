#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/tokenizer/tokenizer.h"
#include "tokenizer/added_pieces.h"
#include "tokenizer/added_tokens.h"
#include "tokenizer/bpe_vocabulary.h"

namespace kiloword {

/// Whose rules texts of CLIP's flavour follow.
enum class ClipTextRules {
  kTransformers,  ///< CLIPTokenizer: NFC, each letter's lower case, added tokens
  kOpenAi         ///< `simple_tokenizer.py`, as OpenCLIP has it too: TextCleaning::kRepaired, case ignored
};

/// How a text of GPT-2's flavour becomes words.
enum class WordPattern {
  kGpt2,           ///< split_gpt2_words
  kGpt2AndDigits,  ///< split_gpt2_words_and_digits: SmolLM2
  kLlama3,         ///< split_llama3_words with 3 digits
  kQwen            ///< split_llama3_words with 1 digit
};

/// Rules of GPT-2's flavour in which its descendants differ.
struct ByteLevelRules {
  WordPattern words = WordPattern::kGpt2;
  bool compose = false;      ///< texts are NFC-normalised first (Qwen)
  bool whole_words = false;  ///< a word that is a piece is that piece, whatever the merges make of it (Llama
                             ///< 3: `ignore_merges`)
  std::string start_token;   ///< stands before every text; empty: none does
};

/// Byte-level BPE with the rules of CLIP or of GPT-2 (`encoder.py`; special tokens written in a text are
/// plain text).
class BpeTokenizer final : public Tokenizer {
 public:
  /// `added`: tokens whose pieces the vocabulary has; others are passed over. `byte_level` is for GPT-2's
  /// flavour. Throws Error(kModel) at `where` when a vocabulary of CLIP's flavour has no start or end token,
  /// and where it lacks the start token that `byte_level` names.
  BpeTokenizer(BpeVocabulary vocabulary, const std::string& where, ClipTextRules rules,
               const std::vector<AddedToken>& added, ByteLevelRules byte_level = {});

  std::vector<int32_t> encode(std::string_view text) const override;
  std::string decode(const std::vector<int32_t>& ids) const override;
  std::string piece(int32_t id) const override;
  int32_t vocab_size() const override { return vocabulary_.size(); }
  int32_t start_id() const override { return start_id_; }
  int32_t end_id() const override { return end_id_; }

 private:
  void add_tokens(const std::vector<AddedToken>& added);
  std::string normalize(std::string_view text) const;
  std::vector<std::string_view> split(std::string_view normal) const;
  std::vector<int32_t> encode_openai_clip(std::string_view text) const;
  /// The piece that spells `word` where whole words count, else -1.
  int32_t whole_word(std::string_view word) const;

  BpeVocabulary vocabulary_;
  ClipTextRules rules_;
  ByteLevelRules byte_level_;
  AddedPieces as_given_;
  AddedPieces normalized_;
  int32_t start_id_ = -1;
  int32_t end_id_ = -1;
};

}  // namespace kiloword
