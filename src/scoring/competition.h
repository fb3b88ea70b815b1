#pragma once

#include <cstddef>
#include <vector>

#include "scoring/vectors.h"

namespace kiloword {

/// Which text of a set is the best for each of some pictures, and by how much.
class Competition {
 public:
  /// `labels` [L, D] and `negatives` [N, D]: texts that compete.
  Competition(const std::vector<Vector>& pictures, const Embeddings& labels, const Embeddings& negatives);

  /// As many pictures as the text of `label` is the best for or, if that is more, the labels on average.
  size_t usual_wins(size_t label) const;
  /// The best cosine with picture number `picture` but for that of `label`.
  double best_other(size_t picture, size_t label) const;

 private:
  struct Best {
    double first = 0;
    double second = 0;
    size_t label = 0;  // past the labels: a negative
  };
  static void enter(Best& best, double cosine, size_t label);

  std::vector<Best> pictures_;
  std::vector<size_t> wins_;
  size_t label_wins_ = 0;
};

}  // namespace kiloword
