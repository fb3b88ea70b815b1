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

/// Finds images about which label sets would state certain labels, or kinds of them.
class LabelMatcher {
 public:
  /// Of one set, statements that count at most: one image may show several things.
  static constexpr size_t kPerSet = 3;

  /// `choices.shown`: names in the sets of `bank`, in any case; an image must show each of them.
  /// `choices.min_confidence`, 0..1, is in place of the sets' own thresholds. `bank`, of `encoder`, must
  /// outlive this. Throws Error(kUsage) for a label that no set has.
  LabelMatcher(const LabelBank& bank, const ImageTextEncoder& encoder, const SearchChoices& choices);

  /// For each of the unit image embeddings [B, D], the confidence, 0..1, that the least sure of the labels is
  /// stated with; none where one is not. May be called from several threads.
  std::vector<std::optional<double>> confidences(const Embeddings& images) const;

 private:
  using Place = std::pair<size_t, size_t>;  // a set and a label of it

  std::optional<double> confidence(const std::vector<SetScores>& scores) const;

  const LabelBank& bank_;
  std::vector<SelectionRules> rules_;
  RankOptions rank_;
  std::vector<std::vector<Place>> wanted_;  // of each label, its positions
};

}  // namespace kiloword
