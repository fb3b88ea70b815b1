#pragma once

#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword::bench {

/// Stands in for a tokenizer where words do not matter: a text is the decimal numbers of its tokens, with
/// blanks between them. The last id of the vocabulary ends a text, unless another one does; the one before
/// the last starts one.
class NumberTokenizer : public Tokenizer {
 public:
  explicit NumberTokenizer(int64_t vocab_size)
      : NumberTokenizer(vocab_size, static_cast<int32_t>(vocab_size - 1)) {}
  NumberTokenizer(int64_t vocab_size, int32_t end_id)
      : vocab_size_(static_cast<int32_t>(vocab_size)), end_id_(end_id) {}

  /// Numbers beyond the vocabulary are taken modulo the ids before the starting one, the end's as the next.
  std::vector<int32_t> encode(std::string_view text) const override;
  std::string decode(const std::vector<int32_t>& ids) const override;
  std::string piece(int32_t id) const override { return std::to_string(id); }
  int32_t vocab_size() const override { return vocab_size_; }
  int32_t start_id() const override { return vocab_size_ - 2; }
  int32_t end_id() const override { return end_id_; }

 private:
  int32_t vocab_size_;
  int32_t end_id_;
};

}  // namespace kiloword::bench
