#pragma once

#include <vector>

#include "guided/hypothesis.h"

namespace kiloword {

/// Values candidates by the objective (formulas: guided/decoder.h).
class Valuation {
 public:
  /// All arguments must outlive this; `scorer` and `words` may be null.
  Valuation(const GuidedOptions& options, TextScorer* scorer, const WordSupport* words)
      : options_(options), scorer_(scorer), words_(words) {}

  /// Fills in `value` of every candidate, whose cosine is known where the objective asks for it. `hidden`
  /// [rows, C] has the candidates' hidden states at their rows where MAGIC's objective asks for them.
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
