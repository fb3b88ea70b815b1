#pragma once

#include <functional>
#include <string>
#include <vector>

#include "kiloword/guided/description.h"
#include "kiloword/guided/options.h"
#include "kiloword/guided/output_rules.h"
#include "kiloword/model/description_model.h"

namespace kiloword {

/// The defaults are those of OpenCLIP's CoCa.generate(). Its six beams are three groups of two; as it has no
/// penalty for groups that are alike, all three find the same, so two beams are searched here.
struct BeamOptions {
  int beams = 2;
  int tokens = 30;       ///< of a text at most, the start token included
  int least_tokens = 5;  ///< in front of the end token at least, the start token included
};

/// Those of `choices`. Throws Error(kUsage) for a choice that only a search with a language model has.
BeamOptions beam_options(const GuidedChoices& choices);

/// Writes descriptions with a network that sees the image: beam search over the sums of logits, as
/// transformers' BeamSearchScorer has it. Finished texts compete by their sum over their number of tokens.
/// Texts that must hold phrases are searched with as many beams for each number of phrases that they hold,
/// and a phrase may begin anywhere (Post and Vilar 2018).
class BeamSearch {
 public:
  /// Cosines of texts with the image, for the observer.
  using Compare = std::function<std::vector<double>(const std::vector<std::string>& texts)>;

  /// `model` and `rules` must outlive the search. Throws Error(kUsage) for options out of the model's range.
  BeamSearch(DescriptionModel& model, const OutputRules& rules, BeamOptions options);

  const BeamOptions& options() const { return options_; }

  /// Descriptions of the image that is row `image` of Embeddings::findings, best first, their cosines 0.
  /// Without an observer, `compare` is not called. Throws Error(kInput) when the rules leave none.
  std::vector<Description> describe(const float* image, const SearchObserver& observer = {},
                                    const Compare& compare = {}) const;

 private:
  class Run;

  DescriptionModel& model_;
  const OutputRules& rules_;
  BeamOptions options_;
  std::vector<std::vector<int32_t>> phrases_;  ///< required ones, as tokens
};

}  // namespace kiloword
