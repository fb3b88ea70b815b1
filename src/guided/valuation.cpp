#include "guided/valuation.h"

#include <algorithm>
#include <cmath>

namespace kiloword {
namespace {

double cosine_between(const float* a, const float* b, size_t width) {
  double product = 0;
  double squares_a = 0;
  double squares_b = 0;
  for (size_t i = 0; i < width; ++i) {
    product += static_cast<double>(a[i]) * b[i];
    squares_a += static_cast<double>(a[i]) * a[i];
    squares_b += static_cast<double>(b[i]) * b[i];
  }
  return product / std::sqrt(std::max(squares_a * squares_b, 1e-24));
}

/// The highest cosine of the candidate's hidden state with one of its parent's tokens.
double degeneration(const Hypothesis& parent, const std::vector<float>& hidden, int64_t row) {
  const size_t width = parent.hidden.size() / parent.ids.size();
  double highest = -1;
  for (size_t i = 0; i < parent.hidden.size(); i += width) {
    highest = std::max(highest, cosine_between(parent.hidden.data() + i,
                                               hidden.data() + static_cast<size_t>(row) * width, width));
  }
  return highest;
}

}  // namespace

double Valuation::weighted(const Hypothesis& parent, const Continuation& candidate) const {
  double value = 0;
  // A weight of 0 takes the term out even where its factor is infinite or was not computed.
  if (options_.lm_weight != 0) value += options_.lm_weight * (parent.logprob + candidate.logprob);
  if (options_.clip_weight != 0) value += options_.clip_weight * *options_.cosine_scale * candidate.cosine;
  return value;
}

void Valuation::value_by_magic(const std::vector<Hypothesis>& parents, const std::vector<float>& hidden,
                               std::vector<Continuation>& candidates) const {
  const double scale = *options_.cosine_scale;
  const double alpha = options_.degeneration_penalty;
  for (size_t begin = 0; begin < candidates.size();) {
    const size_t parent = candidates[begin].parent;
    size_t end = begin;
    double highest = -1;
    for (; end < candidates.size() && candidates[end].parent == parent; ++end) {
      highest = std::max(highest, candidates[end].cosine);
    }
    double total = 0;
    for (size_t i = begin; i < end; ++i) total += std::exp(scale * (candidates[i].cosine - highest));
    for (size_t i = begin; i < end; ++i) {
      Continuation& candidate = candidates[i];
      candidate.value = parents[parent].value;
      candidate.value += options_.lm_weight * (1 - alpha) * std::exp(candidate.logprob);
      if (alpha > 0) candidate.value -= alpha * degeneration(parents[parent], hidden, candidate.row);
      candidate.value += options_.clip_weight * std::exp(scale * (candidate.cosine - highest)) / total;
    }
    begin = end;
  }
}

void Valuation::value(const std::vector<Hypothesis>& parents, const std::vector<float>& hidden,
                      std::vector<Continuation>& candidates) const {
  if (candidates.empty()) return;
  if (options_.objective == Objective::kMagic) {
    value_by_magic(parents, hidden, candidates);
  } else {
    for (Continuation& candidate : candidates)
      candidate.value = weighted(parents[candidate.parent], candidate);
  }
  if (words_ != nullptr) {
    for (Continuation& candidate : candidates) candidate.value += words_->value(candidate.text);
  }
  if (scorer_ == nullptr || options_.scorer_weight == 0) return;
  std::vector<std::string> texts;
  texts.reserve(candidates.size());
  for (const Continuation& candidate : candidates) texts.push_back(candidate.text);
  const std::vector<double> scored = scorer_->score(texts);
  for (size_t i = 0; i < candidates.size(); ++i) candidates[i].value += options_.scorer_weight * scored[i];
}

}  // namespace kiloword
