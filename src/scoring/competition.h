#pragma once

#include <cstddef>
#include <vector>

#include "scoring/vectors.h"

namespace kiloword {

/// For each of several images, the best text of a set and its margin.
class Competition {
 public:
  /// `labels` [L, D] and `negatives` [N, D]: the competing texts.
  Competition(const std::vector<Vector>& pictures, const Embeddings& labels, const Embeddings& negatives);

  /// The number of images for which the text of `label` is the best, or the average over labels if that is
  /// more.
  size_t usual_wins(size_t label) const;
  /// The best cosine with image number `picture` among texts other than `label`.
  double best_other(size_t picture, size_t label) const;

 private:
  struct Best {
    double first = 0;
    double second = 0;
    size_t label = 0;  // L: a negative
  };
  static void enter(Best& best, double cosine, size_t label);

  std::vector<Best> pictures_;
  std::vector<size_t> wins_;
  size_t label_wins_ = 0;
};

}  // namespace kiloword
