#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace kiloword {

/// Compares texts with a batch of images that are described together.
class ImageScorer {
 public:
  ImageScorer() = default;
  ImageScorer(const ImageScorer&) = delete;
  ImageScorer& operator=(const ImageScorer&) = delete;
  virtual ~ImageScorer() = default;

  /// For every image i, the cosines of texts[i] with it, in one call. Meant for texts that grow from call to
  /// call.
  virtual std::vector<std::vector<double>> score(const std::vector<std::vector<std::string>>& texts) = 0;
  /// The cosine of a single text that later calls of score() will not extend.
  virtual double score_alone(size_t image, const std::string& text) = 0;
};

}  // namespace kiloword
