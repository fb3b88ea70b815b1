#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace kiloword {

/// A sentence that someone wrote, about this image or another one.
struct RetrievedSentence {
  std::string text;
  double cosine = 0;     ///< with the image, -1..1
  double consensus = 0;  ///< mean cosine with the sentences nearest to the image, -1..1
};

/// Sentences that may describe images. May be used from several threads.
class SentenceSource {
 public:
  SentenceSource() = default;
  SentenceSource(const SentenceSource&) = delete;
  SentenceSource& operator=(const SentenceSource&) = delete;
  virtual ~SentenceSource() = default;

  /// The `count` sentences of the highest cosine with the unit embedding `image` [D], best first.
  virtual std::vector<RetrievedSentence> nearest(const float* image, size_t count) const = 0;
  /// Changes whenever nearest() may change.
  virtual std::string fingerprint() const = 0;
};

}  // namespace kiloword
