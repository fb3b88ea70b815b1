#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword {

/// The text that each token adds, so that a text need not be decoded again for each new token. Thread-safe.
class TokenTexts {
 public:
  /// `tokenizer` must outlive this object.
  explicit TokenTexts(const Tokenizer& tokenizer);

  /// The text that `id` adds after any text whose last token is not empty; null if it depends on adjacent
  /// tokens (a part of a character), or is empty.
  const std::string* addition(int32_t id) const;

 private:
  struct Entry {
    bool is_known = false;  ///< whether the token adds `text` in any context
    std::string text;
  };

  Entry entry_of(int32_t id) const;

  const Tokenizer& tokenizer_;
  int32_t neighbour_ = -1;          ///< the token of a letter; -1: none
  std::string neighbour_text_;      ///< of that token alone
  std::string neighbour_addition_;  ///< of that token after another one
  mutable std::mutex mutex_;
  mutable std::deque<Entry> entries_;
  mutable std::vector<std::atomic<const Entry*>> entry_of_id_;
};

}  // namespace kiloword
