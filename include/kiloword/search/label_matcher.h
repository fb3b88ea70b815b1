#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kiloword/decision/ranking.h"
#include "kiloword/model/image_text_encoder.h"
#include "kiloword/scoring/label_bank.h"
#include "kiloword/search/search_choices.h"

namespace kiloword {

/// Finds images for which label sets would select certain labels, or kinds of them.
class LabelMatcher {
 public:
  /// Maximum number of statements per set, since an image may show several things.
  static constexpr size_t kPerSet = 3;

  /// `choices.shown`: label names of the sets of `bank`, case-insensitive; an image must show all of them.
  /// `choices.min_confidence`, 0..1, replaces the sets' own thresholds. `bank`, made with `encoder`, must
  /// outlive this object. Throws Error(kUsage) for a label that no set has.
  LabelMatcher(const LabelBank& bank, const ImageTextEncoder& encoder, const SearchChoices& choices);

  /// For each of the unit image embeddings [B, D], the lowest confidence, 0..1, among the labels; none if one
  /// of them is not selected. Thread-safe.
  std::vector<std::optional<double>> confidences(const Embeddings& images) const;

 private:
  using Place = std::pair<size_t, size_t>;  // indices of a set and of its label

  std::optional<double> confidence(const std::vector<SetScores>& scores) const;

  const LabelBank& bank_;
  std::vector<SelectionRules> rules_;
  RankOptions rank_;
  std::vector<std::vector<Place>> wanted_;  // for each wanted label, all its places
};

}  // namespace kiloword
