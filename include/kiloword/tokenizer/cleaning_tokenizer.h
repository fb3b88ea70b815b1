#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword {

/// The cleaned `text`. Invalid UTF-8 becomes U+FFFD.
std::string clean_text(std::string_view text, TextCleaning cleaning);

/// Cleans texts before the inner tokenizer encodes them.
class CleaningTokenizer : public Tokenizer {
 public:
  CleaningTokenizer(std::unique_ptr<Tokenizer> inner, TextCleaning cleaning)
      : inner_(std::move(inner)), cleaning_(cleaning) {}

  std::vector<int32_t> encode(std::string_view text) const override {
    return inner_->encode(clean_text(text, cleaning_));
  }
  std::string decode(const std::vector<int32_t>& ids) const override { return inner_->decode(ids); }
  std::string piece(int32_t id) const override { return inner_->piece(id); }
  int32_t vocab_size() const override { return inner_->vocab_size(); }
  int32_t start_id() const override { return inner_->start_id(); }
  int32_t end_id() const override { return inner_->end_id(); }

 private:
  std::unique_ptr<Tokenizer> inner_;
  TextCleaning cleaning_;
};

}  // namespace kiloword
