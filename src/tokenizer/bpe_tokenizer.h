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

/// The text preprocessing of CLIP's flavour.
enum class ClipTextRules {
  kTransformers,     ///< CLIPTokenizer: NFC, lower case by letter, added tokens
  kOpenAi,           ///< `simple_tokenizer.py`, also of OpenCLIP: TextCleaning::kRepaired, case ignored
  kOpenAiCased,      ///< the same with TextCleaning::kRepairedCased (OpenCLIP's `clean` `whitespace`)
  kOpenAiCanonical,  ///< the same with TextCleaning::kRepairedCanonical (OpenCLIP's `clean` `canonicalize`)
};

/// How texts of GPT-2's flavour are split into words.
enum class WordPattern {
  kGpt2,           ///< split_gpt2_words
  kGpt2AndDigits,  ///< split_gpt2_words_and_digits: SmolLM2
  kLlama3,         ///< split_llama3_words with 3 digits
  kQwen            ///< split_llama3_words with 1 digit
};

/// Rules of GPT-2's flavour that differ between its descendants.
struct ByteLevelRules {
  WordPattern words = WordPattern::kGpt2;
  bool compose = false;      ///< texts are NFC-normalised first (Qwen)
  bool whole_words = false;  ///< a word that is a piece is not merged (Llama 3: `ignore_merges`)
  std::string start_token;   ///< begins every text; empty: none
};

/// Byte-level BPE with the rules of CLIP or of GPT-2 (`encoder.py`; special tokens in a text are plain text).
class BpeTokenizer final : public Tokenizer {
 public:
  /// Added tokens of `settings` that are not in the vocabulary are ignored; its start and end tokens apply to
  /// CLIP's flavour, `byte_level` to GPT-2's. Throws Error(kModel) at `where` if the vocabulary lacks a named
  /// start or end token, and if the tokenizer class in the settings is not CLIP's.
  BpeTokenizer(BpeVocabulary vocabulary, const std::string& where, ClipTextRules rules,
               const TokenizerSettings& settings, ByteLevelRules byte_level = {});

  std::vector<int32_t> encode(std::string_view text) const override;
  std::string decode(const std::vector<int32_t>& ids) const override;
  std::string piece(int32_t id) const override;
  int32_t vocab_size() const override { return vocabulary_.size(); }
  int32_t start_id() const override { return start_id_; }
  int32_t end_id() const override { return end_id_; }

 private:
  void find_clip_ends(const TokenizerSettings& settings, const std::string& where);
  void add_tokens(const TokenizerSettings& settings);
  std::string normalize(std::string_view text) const;
  std::vector<std::string_view> split(std::string_view normal) const;
  std::vector<int32_t> encode_openai_clip(std::string_view text) const;
  /// The piece equal to `word` if ByteLevelRules::whole_words, else -1.
  int32_t whole_word(std::string_view word) const;

  BpeVocabulary vocabulary_;
  ClipTextRules rules_;
  ByteLevelRules byte_level_;
  AddedTokenSplitter added_;
  int32_t start_id_ = -1;
  int32_t end_id_ = -1;
};

}  // namespace kiloword
