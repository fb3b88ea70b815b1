#pragma once

#include <string>
#include <vector>

namespace kiloword {

/// Scores texts for one image: higher is better.
class TextScorer {
 public:
  TextScorer() = default;
  TextScorer(const TextScorer&) = delete;
  TextScorer& operator=(const TextScorer&) = delete;
  virtual ~TextScorer() = default;

  /// One finite number per text, in the same order, on any scale.
  virtual std::vector<double> score(const std::vector<std::string>& texts) = 0;
};

}  // namespace kiloword
