#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword {

/// What each token adds to a text, so that a text that grows by a token need not be decoded anew. May be used
/// from several threads.
class TokenTexts {
 public:
  /// `tokenizer` must outlive this.
  explicit TokenTexts(const Tokenizer& tokenizer);

  /// What `id` adds behind any text whose last token adds something as well; null where that depends on the
  /// tokens next to it (a part of a character), and where it adds nothing.
  const std::string* addition(int32_t id) const;

 private:
  struct Entry {
    bool is_known = false;  ///< whether `text` is what the token adds wherever it stands
    std::string text;
  };

  Entry entry_of(int32_t id) const;

  const Tokenizer& tokenizer_;
  int32_t neighbour_ = -1;          ///< a token for a letter; -1: there is none
  std::string neighbour_text_;      ///< of the token alone,
  std::string neighbour_addition_;  ///< and behind another
  mutable std::mutex mutex_;
  mutable std::deque<Entry> entries_;
  mutable std::vector<std::atomic<const Entry*>> entry_of_id_;
};

}  // namespace kiloword
