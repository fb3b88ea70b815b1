#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace kiloword {

/// A human-written sentence about this image or another one.
struct RetrievedSentence {
  std::string text;
  double cosine = 0;     ///< with the image, -1..1
  double consensus = 0;  ///< mean cosine with the sentences nearest to the image, -1..1
};

/// A source of sentences that may describe images. Thread-safe.
class SentenceSource {
 public:
  SentenceSource() = default;
  SentenceSource(const SentenceSource&) = delete;
  SentenceSource& operator=(const SentenceSource&) = delete;
  virtual ~SentenceSource() = default;

  /// The `count` sentences with the highest cosine with the unit embedding `image` [D], best first.
  virtual std::vector<RetrievedSentence> nearest(const float* image, size_t count) const = 0;
  /// Changes whenever nearest() may change.
  virtual std::string fingerprint() const = 0;
};

}  // namespace kiloword
