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

/// Byte-level BPE with the rules of CLIP or of GPT-2 (`encoder.py`; special tokens written in a text are
/// plain text).
class BpeTokenizer final : public Tokenizer {
 public:
  /// `added`: tokens whose pieces the vocabulary has; others are passed over. Throws Error(kModel) at `where`
  /// when a vocabulary of CLIP's flavour has no start or end token.
  BpeTokenizer(BpeVocabulary vocabulary, const std::string& where, ClipTextRules rules,
               const std::vector<AddedToken>& added);

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

  BpeVocabulary vocabulary_;
  ClipTextRules rules_;
  AddedPieces as_given_;
  AddedPieces normalized_;
  int32_t start_id_ = -1;
  int32_t end_id_ = -1;
};

}  // namespace kiloword
