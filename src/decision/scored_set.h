#pragma once

#include <cstddef>
#include <vector>

#include "kiloword/decision/ranking.h"

namespace kiloword {

/// A name of a tree, including everything below it.
struct NameMass {
  static constexpr size_t kNone = static_cast<size_t>(-1);

  double probability = 0.0;
  size_t best = kNone;       ///< the label with the highest cosine among those with a text
  size_t best_leaf = kNone;  ///< the same among leaves

  /// Adds a sibling. `disjoint`: probabilities are added; else they are combined as independent.
  void add(const NameMass& other, const std::vector<float>& cosines, bool disjoint);
};

/// The labels and negatives of one set with their probabilities. The constructor's arguments must outlive it.
class ScoredSet {
 public:
  /// `calibration` may be null, in which case the confidence is the probability; `tree` may be null. Throws
  /// Error(kInternal) like rank_statements().
  ScoredSet(const SetScores& scores, const LogitRule& logits, const SetCalibration* calibration,
            const LabelTree* tree);

  size_t best() const { return best_; }
  bool negative_wins() const { return negative_wins_over(best_); }
  /// Whether a negative has a higher cosine than `label`.
  bool negative_wins_over(size_t label) const { return best_negative_cosine_ > scores_.cosines[label]; }
  const LabelTree* tree() const { return tree_; }

  /// The `count` labels with the highest cosines among those with a text, best first; ties in the order of
  /// the set.
  std::vector<size_t> top(size_t count) const;

  /// The numbers of `label` from its own text.
  ScoredLabel scored(size_t label) const;

  /// The mass of every label, [L]; only with a tree.
  std::vector<NameMass> masses() const;

  /// hedging_path() from the most specific name at or below `label`, which has a text.
  std::vector<ScoredLabel> path_of(size_t label, const std::vector<NameMass>& masses) const;

 private:
  bool has_text(size_t label) const { return tree_ == nullptr || tree_->has_text(label); }
  double probability(double cosine) const;
  /// exp(logit), shifted so that the largest is 1, which avoids overflow and keeps the sum at least 1.
  double weight(double cosine) const;
  ScoredLabel numbers(size_t label, size_t kind, double probability) const;

  const SetScores& scores_;
  LogitRule logits_;
  const SetCalibration* calibration_;
  const LabelTree* tree_;
  double max_cosine_ = 0.0;
  double best_negative_cosine_;
  double sum_ = 0.0;
  size_t best_ = 0;
};

}  // namespace kiloword
