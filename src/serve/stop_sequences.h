#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kiloword/serve/service.h"

namespace kiloword {

/// Passes a growing text on up to the first of some sequences, which is not passed on, nor is anything after
/// it.
class StopSequences {
 public:
  /// None of `sequences` is empty.
  StopSequences(std::vector<std::string> sequences, SendPiece pass_on);

  /// Adds to the text, and passes on all but an end that may be the beginning of a sequence. False when
  /// `pass_on` gave false.
  bool add(std::string_view piece);
  /// Passes on the rest: the text is whole.
  bool finish();
  /// Whether a sequence has come.
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
