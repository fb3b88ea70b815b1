#pragma once

#include <vector>

#include "guided/hypothesis.h"

namespace kiloword {

/// Computes the values of candidates (formulas: guided/decoder.h).
class Valuation {
 public:
  /// All arguments must outlive this object; `scorer` and `words` may be null.
  Valuation(const GuidedOptions& options, TextScorer* scorer, const WordSupport* words)
      : options_(options), scorer_(scorer), words_(words) {}

  /// Sets `value` of every candidate. Cosines must be set if the objective needs them; `hidden` [rows, C]
  /// contains the candidates' hidden states if MAGIC needs them.
  void value(const std::vector<Hypothesis>& parents, const std::vector<float>& hidden,
             std::vector<Continuation>& candidates) const;

 private:
  double weighted(const Hypothesis& parent, const Continuation& candidate) const;
  void value_by_magic(const std::vector<Hypothesis>& parents, const std::vector<float>& hidden,
                      std::vector<Continuation>& candidates) const;

  const GuidedOptions& options_;
  TextScorer* scorer_;
  const WordSupport* words_;
};

}  // namespace kiloword
