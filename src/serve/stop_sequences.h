#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kiloword/serve/service.h"

namespace kiloword {

/// Passes on a streamed text up to the first stop sequence, which is not passed on, nor is anything after it.
class StopSequences {
 public:
  /// No sequence may be empty.
  StopSequences(std::vector<std::string> sequences, SendPiece pass_on);

  /// Appends to the text, and passes on all but an end that may begin a stop sequence. False if `pass_on`
  /// returned false.
  bool add(std::string_view piece);
  /// Passes on the rest at the end of the text.
  bool finish();
  /// Whether a stop sequence was found.
  bool reached() const { return reached_; }

 private:
  size_t held_back() const;
  bool pass(size_t bytes);

  std::vector<std::string> sequences_;
  SendPiece pass_on_;
  std::string waiting_;
  bool reached_ = false;
};

}  // namespace kiloword
