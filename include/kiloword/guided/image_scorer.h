#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace kiloword {

/// Compares texts with the images that are described together.
class ImageScorer {
 public:
  ImageScorer() = default;
  ImageScorer(const ImageScorer&) = delete;
  ImageScorer& operator=(const ImageScorer&) = delete;
  virtual ~ImageScorer() = default;

  /// Cosines of the texts[i] with image i, for every image, in one call: texts that grow, step by step.
  virtual std::vector<std::vector<double>> score(const std::vector<std::vector<std::string>>& texts) = 0;
  /// The cosine of one text, which the next step does not go on with.
  virtual double score_alone(size_t image, const std::string& text) = 0;
};

}  // namespace kiloword
