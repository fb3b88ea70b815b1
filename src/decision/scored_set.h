#pragma once

#include <cstddef>
#include <vector>

#include "kiloword/decision/ranking.h"

namespace kiloword {

/// A name of a tree with all that is below it.
struct NameMass {
  static constexpr size_t kNone = static_cast<size_t>(-1);

  double probability = 0.0;
  size_t best = kNone;       ///< of the highest cosine among those with a text
  size_t best_leaf = kNone;  ///< likewise, without kinds

  /// Adds what is beside it. `disjoint`: probabilities add up; else they are independent.
  void add(const NameMass& other, const std::vector<float>& cosines, bool disjoint);
};

/// The labels and negatives of one set with their probabilities. What it is made from must outlive it.
class ScoredSet {
 public:
  /// `calibration` may be null: confidence is the probability. So may `tree`. Throws Error(kInternal) for
  /// what rank_statements() refuses.
  ScoredSet(const SetScores& scores, const LogitRule& logits, const SetCalibration* calibration,
            const LabelTree* tree);

  size_t best() const { return best_; }
  bool negative_wins() const { return negative_wins_over(best_); }
  /// Whether a negative has a higher cosine than `label`.
  bool negative_wins_over(size_t label) const { return best_negative_cosine_ > scores_.cosines[label]; }
  const LabelTree* tree() const { return tree_; }

  /// The `count` labels with a text that have the highest cosines, best first; equals in the order of the
  /// set.
  std::vector<size_t> top(size_t count) const;

  /// `label` by its own text.
  ScoredLabel scored(size_t label) const;

  /// Of every label of a set with a tree, [L].
  std::vector<NameMass> masses() const;

  /// hedging_path() from the most specific name at or below `label`, which has a text.
  std::vector<ScoredLabel> path_of(size_t label, const std::vector<NameMass>& masses) const;

 private:
  bool has_text(size_t label) const { return tree_ == nullptr || tree_->has_text(label); }
  double probability(double cosine) const;
  /// exp(logit), shifted so that the largest is 1: nothing overflows and the sum is at least 1.
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
