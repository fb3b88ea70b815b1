#include "serve/stop_sequences.h"

#include <algorithm>
#include <utility>

namespace kiloword {

StopSequences::StopSequences(std::vector<std::string> sequences, SendPiece pass_on)
    : sequences_(std::move(sequences)), pass_on_(std::move(pass_on)) {}

bool StopSequences::add(std::string_view piece) {
  if (reached_) return true;
  waiting_ += piece;
  size_t first = std::string::npos;
  for (const std::string& sequence : sequences_) first = std::min(first, waiting_.find(sequence));
  if (first == std::string::npos) return pass(waiting_.size() - held_back());
  reached_ = true;
  return pass(first);
}

bool StopSequences::finish() {
  return reached_ || pass(waiting_.size());
}

/// The bytes at the end of what waits that a sequence may begin with.
size_t StopSequences::held_back() const {
  size_t most = 0;
  for (const std::string& sequence : sequences_) {
    for (size_t bytes = std::min(sequence.size() - 1, waiting_.size()); bytes > most; --bytes) {
      if (waiting_.compare(waiting_.size() - bytes, bytes, sequence, 0, bytes) == 0) most = bytes;
    }
  }
  return most;
}

bool StopSequences::pass(size_t bytes) {
  const std::string piece = waiting_.substr(0, bytes);
  waiting_.erase(0, bytes);
  return piece.empty() || pass_on_(piece);
}

}  // namespace kiloword
