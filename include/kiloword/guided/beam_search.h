#pragma once

#include <functional>
#include <string>
#include <vector>

#include "kiloword/guided/description.h"
#include "kiloword/guided/options.h"
#include "kiloword/guided/output_rules.h"
#include "kiloword/model/description_model.h"

namespace kiloword {

/// The defaults are those of OpenCLIP's CoCa.generate(). It searches six beams in three groups of two, but
/// without a diversity penalty all groups find the same texts, so two beams suffice.
struct BeamOptions {
  int beams = 2;
  int tokens = 30;       ///< maximum per text, including the start token
  int least_tokens = 5;  ///< minimum before the end token, including the start token
};

/// The beam options of `choices`. Throws Error(kUsage) for choices that apply only to a language model.
BeamOptions beam_options(const GuidedChoices& choices);

/// Writes descriptions with a network conditioned on the image: beam search over sums of logits, like
/// transformers' BeamSearchScorer. Finished texts are ranked by that sum divided by their number of tokens.
/// With required phrases, each number of phrases already written has its own set of beams, and a phrase may
/// begin at any token (Post and Vilar 2018).
class BeamSearch {
 public:
  /// Cosines of texts with the image, for the observer.
  using Compare = std::function<std::vector<double>(const std::vector<std::string>& texts)>;

  /// `model` and `rules` must outlive the search. Throws Error(kUsage) for options out of the model's range.
  BeamSearch(DescriptionModel& model, const OutputRules& rules, BeamOptions options);

  const BeamOptions& options() const { return options_; }

  /// Descriptions of the image whose findings are `image`, a row of Embeddings::findings; best first, with
  /// cosines of 0. `compare` is called only if there is an observer. Throws Error(kInput) if the rules allow
  /// no text.
  std::vector<Description> describe(const float* image, const SearchObserver& observer = {},
                                    const Compare& compare = {}) const;

 private:
  class Run;

  DescriptionModel& model_;
  const OutputRules& rules_;
  BeamOptions options_;
  std::vector<std::vector<int32_t>> phrases_;  ///< the required ones, as token ids
};

}  // namespace kiloword
