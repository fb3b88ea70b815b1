#include "scoring/competition.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "kiloword/scoring/similarity.h"

namespace kiloword {

Competition::Competition(const std::vector<Vector>& pictures, const Embeddings& labels,
                         const Embeddings& negatives)
    : wins_(static_cast<size_t>(labels.rows)) {
  constexpr double kNone = -std::numeric_limits<double>::infinity();
  for (const Vector& picture : pictures) {
    const std::vector<float> values(picture.begin(), picture.end());
    const std::vector<float> of_labels = cosines(values.data(), labels);
    Best best{kNone, kNone, 0};
    for (size_t i = 0; i < of_labels.size(); ++i) enter(best, of_labels[i], i);
    for (const float cosine : cosines(values.data(), negatives)) enter(best, cosine, of_labels.size());
    pictures_.push_back(best);
    if (best.label == of_labels.size()) continue;
    ++wins_[best.label];
    ++label_wins_;
  }
}

size_t Competition::usual_wins(size_t label) const {
  return std::max(wins_[label], label_wins_ / wins_.size());
}

double Competition::best_other(size_t picture, size_t label) const {
  return pictures_[picture].label == label ? pictures_[picture].second : pictures_[picture].first;
}

void Competition::enter(Best& best, double cosine, size_t label) {
  if (cosine > best.first) {
    best.second = std::exchange(best.first, cosine);
    best.label = label;
  } else {
    best.second = std::max(best.second, cosine);
  }
}

}  // namespace kiloword
