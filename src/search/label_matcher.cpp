#include "kiloword/search/label_matcher.h"

#include <algorithm>

#include "kiloword/base/ascii.h"
#include "kiloword/base/error.h"

namespace kiloword {
namespace {

/// With what confidence `candidate` states the label: as what it says, or as a hypernym of that.
std::optional<double> stated(const Candidate& candidate, size_t label) {
  if (!candidate.said()) return std::nullopt;
  if (candidate.best.label == label) return candidate.best.confidence;
  bool is_above = false;
  for (const ScoredLabel& name : candidate.path) {
    if (is_above && name.label == label) return name.confidence;
    is_above = is_above || name.label == candidate.best.label;
  }
  return std::nullopt;
}

}  // namespace

LabelMatcher::LabelMatcher(const LabelBank& bank, const ImageTextEncoder& encoder,
                           const SearchChoices& choices)
    : bank_(bank), rules_(bank.rules()) {
  rank_.top_k = kPerSet * bank.sets().size();
  rank_.per_set = kPerSet;
  rank_.min_confidence = choices.min_confidence;
  rank_.logits = {encoder.logit_multiplier(), encoder.logit_bias()};
  for (const std::string& name : choices.shown) {
    const std::string lower = ascii_lower(name);
    std::vector<Place> places;
    for (size_t set = 0; set < bank.sets().size(); ++set) {
      const std::vector<Label>& known = bank.sets()[set].chosen.set.labels;
      for (size_t label = 0; label < known.size(); ++label) {
        if (ascii_lower(known[label].name) == lower) places.emplace_back(set, label);
      }
    }
    if (places.empty()) {
      throw Error(ErrorKind::kUsage, "no label set has the label '" + name + "'", "",
                  "see 'kiloword labels show SET', or look for it as a text");
    }
    wanted_.push_back(std::move(places));
  }
}

std::vector<std::optional<double>> LabelMatcher::confidences(const Embeddings& images) const {
  std::vector<std::optional<double>> found;
  for (const std::vector<SetScores>& scores : bank_.score(images)) found.push_back(confidence(scores));
  return found;
}

std::optional<double> LabelMatcher::confidence(const std::vector<SetScores>& scores) const {
  const std::vector<Candidate> candidates = rank_statements(scores, rules_, rank_);
  double least = 1;
  for (const std::vector<Place>& places : wanted_) {
    std::optional<double> best;
    for (const Candidate& candidate : candidates) {
      for (const auto& [set, label] : places) {
        if (set != candidate.set) continue;
        if (const auto of = stated(candidate, label)) best = std::max(best.value_or(0), *of);
      }
    }
    if (!best) return std::nullopt;
    least = std::min(least, *best);
  }
  return least;
}

}  // namespace kiloword
