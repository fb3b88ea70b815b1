#include "kiloword/labels/ranking.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "kiloword/base/error.h"
#include "labels/logit.h"

namespace kiloword {
namespace {

void check_finite(const std::vector<float>& cosines) {
  if (!std::all_of(cosines.begin(), cosines.end(), [](float cosine) { return std::isfinite(cosine); })) {
    throw Error(ErrorKind::kInternal, "a cosine is not finite");
  }
}

size_t argmax(const std::vector<float>& values) {
  return static_cast<size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

/// The labels and negatives of one set with their probabilities.
class ScoredSet {
 public:
  /// `calibration` may be null: confidence is the probability.
  ScoredSet(const SetScores& scores, const LogitRule& logits, const SetCalibration* calibration)
      : scores_(scores), logits_(logits), calibration_(calibration) {
    if (scores.cosines.empty()) throw Error(ErrorKind::kInternal, "a label set without labels was scored");
    if (calibration != nullptr && calibration->means.size() != scores.cosines.size()) {
      throw Error(ErrorKind::kInternal, "a calibration of another label set");
    }
    check_finite(scores.cosines);
    check_finite(scores.negative_cosines);
    best_ = argmax(scores.cosines);
    max_cosine_ = scores.cosines[best_];
    for (const float cosine : scores.negative_cosines) {
      negative_wins_ = negative_wins_ || cosine > scores.cosines[best_];
      max_cosine_ = std::max(max_cosine_, static_cast<double>(cosine));
    }
    for (const float cosine : scores.cosines) sum_ += weight(cosine);
    for (const float cosine : scores.negative_cosines) sum_ += weight(cosine);
  }

  size_t best() const { return best_; }
  bool negative_wins() const { return negative_wins_; }

  ScoredLabel scored(size_t label) const {
    const double cosine = scores_.cosines[label];
    const double probability =
        logits_.bias ? logistic(logits_.scale * cosine + *logits_.bias) : weight(cosine) / sum_;
    const double confidence = calibration_ == nullptr
                                  ? probability
                                  : calibrated_confidence(*calibration_, label, cosine, probability);
    return {label, cosine, probability, confidence};
  }

 private:
  /// exp(logit), shifted so that the largest is 1: nothing overflows and the sum is at least 1.
  double weight(double cosine) const { return std::exp(logits_.scale * (cosine - max_cosine_)); }

  const SetScores& scores_;
  LogitRule logits_;
  const SetCalibration* calibration_;
  double max_cosine_ = 0.0;
  double sum_ = 0.0;
  size_t best_ = 0;
  bool negative_wins_ = false;
};

bool gate_is_open(const OpenGate& gate, const std::vector<ScoredSet>& sets) {
  if (gate.set >= sets.size())
    throw Error(ErrorKind::kInternal, "a gate names a label set that was not scored");
  const ScoredSet& watched = sets[gate.set];
  return !watched.negative_wins() &&
         std::binary_search(gate.labels.begin(), gate.labels.end(), watched.best());
}

/// The calibration that applies to a set; null: none.
const SetCalibration* calibration_of(const SetRules& rules, RankRule rule) {
  return rule == RankRule::kCalibrated ? rules.calibration.get() : nullptr;
}

double least_confidence(const SetRules& rules, RankRule rule) {
  if (rule == RankRule::kCosine) return 0.0;
  const SetCalibration* calibration = calibration_of(rules, rule);
  return calibration == nullptr ? rules.min_confidence : calibration->min_confidence;
}

/// What speaks against the best statement of set `index`, its rank left aside.
LeftOut objection(size_t index, const ScoredLabel& best, const std::vector<ScoredSet>& sets,
                  const SetRules& rules, const RankOptions& options) {
  if (!rules.spoken) return LeftOut::kNotSpoken;
  const bool plain = options.rule == RankRule::kCosine;
  if (!plain && rules.gate && !gate_is_open(*rules.gate, sets)) return LeftOut::kGate;
  if (!plain && sets[index].negative_wins()) return LeftOut::kNegativeWins;
  const double least = options.min_confidence.value_or(least_confidence(rules, options.rule));
  return best.confidence < least ? LeftOut::kBelowConfidence : LeftOut::kNone;
}

}  // namespace

std::vector<ScoredLabel> top_labels(const SetScores& scores, const LogitRule& logits, size_t count) {
  const ScoredSet set(scores, logits, nullptr);
  std::vector<size_t> order(scores.cosines.size());
  std::iota(order.begin(), order.end(), size_t{0});
  count = std::min(count, order.size());
  const auto better = [&scores](size_t a, size_t b) {
    return scores.cosines[a] != scores.cosines[b] ? scores.cosines[a] > scores.cosines[b] : a < b;
  };
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(), better);
  std::vector<ScoredLabel> top;
  top.reserve(count);
  for (size_t i = 0; i < count; ++i) top.push_back(set.scored(order[i]));
  return top;
}

std::string_view left_out_reason(LeftOut left_out) {
  switch (left_out) {
    case LeftOut::kNotSpoken:
      return "only looked at by a gate";
    case LeftOut::kGate:
      return "its gate is closed";
    case LeftOut::kNegativeWins:
      return "a negative fits better";
    case LeftOut::kBelowConfidence:
      return "below the least confidence";
    case LeftOut::kNotAmongTopK:
      return "not among the best";
    case LeftOut::kNone:
      break;
  }
  return "";
}

std::vector<Candidate> rank_statements(const std::vector<SetScores>& scores,
                                       const std::vector<SetRules>& rules, const RankOptions& options) {
  if (scores.size() != rules.size()) throw Error(ErrorKind::kInternal, "every label set needs its rules");
  std::vector<ScoredSet> sets;
  sets.reserve(scores.size());
  for (size_t i = 0; i < scores.size(); ++i) {
    sets.emplace_back(scores[i], options.logits, calibration_of(rules[i], options.rule));
  }

  std::vector<Candidate> ranking;
  ranking.reserve(sets.size());
  for (size_t i = 0; i < sets.size(); ++i) {
    const ScoredLabel best = sets[i].scored(sets[i].best());
    ranking.push_back({i, best, objection(i, best, sets, rules[i], options)});
  }
  std::stable_sort(ranking.begin(), ranking.end(), [&options](const Candidate& a, const Candidate& b) {
    return options.rule == RankRule::kCosine ? a.best.cosine > b.best.cosine
                                             : a.best.confidence > b.best.confidence;
  });
  size_t said = 0;
  for (Candidate& candidate : ranking) {
    if (candidate.said() && said++ >= options.top_k) candidate.left_out = LeftOut::kNotAmongTopK;
  }
  return ranking;
}

}  // namespace kiloword
