#include "kiloword/decision/ranking.h"

#include <algorithm>
#include <utility>

#include "decision/scored_set.h"
#include "kiloword/base/error.h"

namespace kiloword {
namespace {

bool gate_is_open(const OpenGate& gate, const std::vector<ScoredSet>& sets) {
  if (gate.set >= sets.size())
    throw Error(ErrorKind::kInternal, "a gate names a label set that was not scored");
  const ScoredSet& watched = sets[gate.set];
  return !watched.negative_wins() &&
         std::binary_search(gate.labels.begin(), gate.labels.end(), watched.best());
}

/// The calibration that applies to a set; null: none.
const SetCalibration* calibration_of(const SelectionRules& rules, RankRule rule) {
  return rule == RankRule::kCalibrated ? rules.calibration.get() : nullptr;
}

/// What speaks against every statement of set `index`, ranks and confidence left aside.
Rejection objection(size_t index, const std::vector<ScoredSet>& sets, const SelectionRules& rules,
                    const RankOptions& options) {
  if (!rules.selected) return Rejection::kNotSelected;
  const bool plain = options.rule == RankRule::kCosine;
  if (!plain && rules.gate && !gate_is_open(*rules.gate, sets)) return Rejection::kGate;
  if (!plain && sets[index].negative_wins()) return Rejection::kNegativeWins;
  return Rejection::kNone;
}

double least_confidence(const SelectionRules& rules, const RankOptions& options) {
  if (options.min_confidence) return *options.min_confidence;
  if (options.rule == RankRule::kCosine) return 0.0;
  const SetCalibration* calibration = calibration_of(rules, options.rule);
  return calibration == nullptr ? rules.min_confidence : calibration->min_confidence;
}

/// Finds the statements of one set.
class Statements {
 public:
  Statements(size_t index, const std::vector<ScoredSet>& sets, const SelectionRules& rules,
             const RankOptions& options)
      : index_(index),
        set_(sets[index]),
        plain_(options.rule == RankRule::kCosine),
        least_(least_confidence(rules, options)) {
    if (set_.tree() != nullptr && !plain_) masses_ = set_.masses();
    Candidate best = named(set_.best());
    if (const Rejection objected = objection(index, sets, rules, options); objected != Rejection::kNone) {
      leave_out(best, objected);
    } else if (!reaches(best.best)) {
      leave_out(best, Rejection::kBelowConfidence);
    }
    found_.push_back(std::move(best));
    if (found_.front().said() && options.per_set > 1) find_more(options.per_set);
  }

  std::vector<Candidate> take() { return std::move(found_); }

 private:
  bool reaches(const ScoredLabel& name) const { return name.confidence >= least_; }

  /// The most specific name for `label` that reaches the threshold, or `label` itself.
  Candidate named(size_t label) const {
    Candidate candidate{index_, set_.scored(label)};
    if (masses_.empty()) return candidate;
    candidate.path = set_.path_of(label, masses_);
    candidate.best = own(candidate.path, label);
    const auto name = std::find_if(candidate.path.begin(), candidate.path.end(),
                                   [this](const ScoredLabel& of_path) { return reaches(of_path); });
    if (name != candidate.path.end()) candidate.best = *name;
    return candidate;
  }

  void leave_out(Candidate& candidate, Rejection reason) const {
    candidate.rejection = reason;
    if (!candidate.path.empty()) candidate.best = own(candidate.path, set_.best());
  }

  static const ScoredLabel& own(const std::vector<ScoredLabel>& path, size_t label) {
    return *std::find_if(path.begin(), path.end(),
                         [label](const ScoredLabel& name) { return name.label == label; });
  }

  bool is_of_one_path(size_t a, size_t b) const {
    return a == b || (set_.tree() != nullptr && (set_.tree()->is_a(a, b) || set_.tree()->is_a(b, a)));
  }

  void find_more(size_t count) {
    for (const size_t label : set_.top(kMostTried)) {
      if (found_.size() == count || (!plain_ && set_.negative_wins_over(label))) return;
      Candidate more = named(label);
      const bool is_said = std::any_of(found_.begin(), found_.end(), [&](const Candidate& other) {
        return is_of_one_path(other.best.label, more.best.label);
      });
      if (!is_said && reaches(more.best)) found_.push_back(std::move(more));
    }
  }

  static constexpr size_t kMostTried = 1'000;

  size_t index_;
  const ScoredSet& set_;
  bool plain_;
  double least_;
  std::vector<NameMass> masses_;  // empty: nothing hedges
  std::vector<Candidate> found_;
};

}  // namespace

size_t best_label(const SetScores& scores, const LabelTree* tree) {
  size_t best = NameMass::kNone;
  for (size_t i = 0; i < scores.cosines.size(); ++i) {
    if (tree != nullptr && !tree->has_text(i)) continue;
    if (best == NameMass::kNone || scores.cosines[i] > scores.cosines[best]) best = i;
  }
  if (best == NameMass::kNone) throw Error(ErrorKind::kInternal, "a label set without texts was scored");
  return best;
}

std::vector<ScoredLabel> top_labels(const SetScores& scores, const LogitRule& logits, size_t count,
                                    const LabelTree* tree) {
  const ScoredSet set(scores, logits, nullptr, tree);
  std::vector<ScoredLabel> top;
  for (const size_t label : set.top(count)) top.push_back(set.scored(label));
  return top;
}

std::vector<ScoredLabel> hedging_path(const SetScores& scores, const LogitRule& logits, const LabelTree& tree,
                                      const SetCalibration* calibration) {
  const ScoredSet set(scores, logits, calibration, &tree);
  return set.path_of(set.best(), set.masses());
}

std::string_view rejection_reason(Rejection rejection) {
  switch (rejection) {
    case Rejection::kNotSelected:
      return "used by a gate only";
    case Rejection::kGate:
      return "its gate is closed";
    case Rejection::kNegativeWins:
      return "a negative fits better";
    case Rejection::kBelowConfidence:
      return "below the minimum confidence";
    case Rejection::kNotAmongTopK:
      return "not among the best";
    case Rejection::kNone:
      break;
  }
  return "";
}

std::vector<Candidate> rank_statements(const std::vector<SetScores>& scores,
                                       const std::vector<SelectionRules>& rules, const RankOptions& options) {
  if (scores.size() != rules.size()) throw Error(ErrorKind::kInternal, "every label set needs its rules");
  std::vector<ScoredSet> sets;
  sets.reserve(scores.size());
  for (size_t i = 0; i < scores.size(); ++i) {
    sets.emplace_back(scores[i], options.logits, calibration_of(rules[i], options.rule), rules[i].tree.get());
  }

  std::vector<Candidate> ranking;
  ranking.reserve(sets.size());
  for (size_t i = 0; i < sets.size(); ++i) {
    for (Candidate& candidate : Statements(i, sets, rules[i], options).take())
      ranking.push_back(std::move(candidate));
  }
  std::stable_sort(ranking.begin(), ranking.end(), [&options](const Candidate& a, const Candidate& b) {
    return options.rule == RankRule::kCosine ? a.best.cosine > b.best.cosine
                                             : a.best.confidence > b.best.confidence;
  });
  size_t said = 0;
  for (Candidate& candidate : ranking) {
    if (candidate.said() && said++ >= options.top_k) candidate.rejection = Rejection::kNotAmongTopK;
  }
  return ranking;
}

}  // namespace kiloword
