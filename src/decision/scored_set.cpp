#include "decision/scored_set.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "decision/logit.h"
#include "kiloword/base/error.h"

namespace kiloword {
namespace {

void check_finite(const std::vector<float>& cosines) {
  if (!std::all_of(cosines.begin(), cosines.end(), [](float cosine) { return std::isfinite(cosine); })) {
    throw Error(ErrorKind::kInternal, "a cosine is not finite");
  }
}

}  // namespace

void NameMass::add(const NameMass& other, const std::vector<float>& cosines, bool disjoint) {
  probability = disjoint ? std::min(1.0, probability + other.probability)
                         : 1 - (1 - probability) * (1 - other.probability);
  const auto is_better = [&cosines](size_t a, size_t b) {
    if (a == kNone || b == kNone) return b == kNone && a != kNone;
    return cosines[a] != cosines[b] ? cosines[a] > cosines[b] : a < b;
  };
  if (is_better(other.best, best)) best = other.best;
  if (is_better(other.best_leaf, best_leaf)) best_leaf = other.best_leaf;
}

ScoredSet::ScoredSet(const SetScores& scores, const LogitRule& logits, const SetCalibration* calibration,
                     const LabelTree* tree)
    : scores_(scores),
      logits_(logits),
      calibration_(calibration),
      tree_(tree),
      best_negative_cosine_(-std::numeric_limits<double>::infinity()) {
  if (scores.cosines.empty()) throw Error(ErrorKind::kInternal, "a label set without labels was scored");
  if (calibration != nullptr && calibration->means.size() != scores.cosines.size()) {
    throw Error(ErrorKind::kInternal, "a calibration of another label set");
  }
  if (tree != nullptr && tree->size() != scores.cosines.size())
    throw Error(ErrorKind::kInternal, "the tree of another label set");
  check_finite(scores.cosines);
  check_finite(scores.negative_cosines);
  best_ = best_label(scores, tree);
  for (const float cosine : scores.negative_cosines)
    best_negative_cosine_ = std::max(best_negative_cosine_, static_cast<double>(cosine));
  max_cosine_ = std::max(static_cast<double>(scores.cosines[best_]), best_negative_cosine_);
  for (size_t i = 0; i < scores.cosines.size(); ++i) {
    if (has_text(i)) sum_ += weight(scores.cosines[i]);
  }
  for (const float cosine : scores.negative_cosines) sum_ += weight(cosine);
}

std::vector<size_t> ScoredSet::top(size_t count) const {
  std::vector<size_t> order;
  order.reserve(scores_.cosines.size());
  for (size_t i = 0; i < scores_.cosines.size(); ++i) {
    if (has_text(i)) order.push_back(i);
  }
  count = std::min(count, order.size());
  const auto better = [this](size_t a, size_t b) {
    return scores_.cosines[a] != scores_.cosines[b] ? scores_.cosines[a] > scores_.cosines[b] : a < b;
  };
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(), better);
  order.resize(count);
  return order;
}

ScoredLabel ScoredSet::scored(size_t label) const {
  return numbers(label, label, probability(scores_.cosines[label]));
}

std::vector<NameMass> ScoredSet::masses() const {
  const bool disjoint = !logits_.bias;
  std::vector<NameMass> masses(scores_.cosines.size());
  for (const size_t label : tree_->kinds_first()) {
    NameMass& mass = masses[label];
    if (has_text(label)) {
      const size_t leaf = tree_->has_kinds(label) ? NameMass::kNone : label;
      mass.add({probability(scores_.cosines[label]), label, leaf}, scores_.cosines, disjoint);
    }
    if (const auto hypernym = tree_->hypernym(label)) masses[*hypernym].add(mass, scores_.cosines, disjoint);
  }
  return masses;
}

std::vector<ScoredLabel> ScoredSet::path_of(size_t label, const std::vector<NameMass>& masses) const {
  std::vector<ScoredLabel> path;
  double surest = 0.0;
  for (const size_t name : tree_->path(masses[label].best_leaf)) {
    path.push_back(numbers(name, masses[name].best, masses[name].probability));
    surest = std::max(surest, path.back().confidence);
    path.back().confidence = surest;
  }
  return path;
}

double ScoredSet::probability(double cosine) const {
  return logits_.bias ? logistic(logits_.scale * cosine + *logits_.bias) : weight(cosine) / sum_;
}

double ScoredSet::weight(double cosine) const {
  return std::exp(logits_.scale * (cosine - max_cosine_));
}

ScoredLabel ScoredSet::numbers(size_t label, size_t kind, double probability) const {
  const double cosine = scores_.cosines[kind];
  if (calibration_ == nullptr) return {label, cosine, probability, probability, kind};
  const double z = z_score(*calibration_, kind, cosine);
  return {label, cosine, probability, calibrated_confidence(*calibration_, label, z, cosine, probability),
          kind};
}

}  // namespace kiloword
