#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/text/tokenizer.h"
#include "text/bpe_vocabulary.h"

namespace kiloword {

/// Byte-level BPE with the rules of OpenAI's CLIP (`simple_tokenizer.py`, without ftfy's repair of mojibake)
/// or GPT-2
/// (`encoder.py`; special tokens written in a text are plain text).
class BpeTokenizer final : public Tokenizer {
 public:
  /// Throws Error(kModel) at `where` when a vocabulary of CLIP's flavour has no start or end token.
  BpeTokenizer(BpeVocabulary vocabulary, const std::string& where);

  std::vector<int32_t> encode(std::string_view text) const override;
  std::string decode(const std::vector<int32_t>& ids) const override;
  std::string piece(int32_t id) const override;
  int32_t vocab_size() const override { return vocabulary_.size(); }
  int32_t start_id() const override { return start_id_; }
  int32_t end_id() const override { return end_id_; }

 private:
  std::vector<int32_t> encode_clip(std::string_view text) const;

  BpeVocabulary vocabulary_;
  int32_t start_id_ = -1;
  int32_t end_id_ = -1;
};

}  // namespace kiloword
