#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "kiloword/base/error.h"
#include "kiloword/guided/description.h"
#include "kiloword/guided/image_scorer.h"
#include "kiloword/guided/options.h"
#include "kiloword/guided/output_rules.h"
#include "kiloword/guided/text_scorer.h"
#include "kiloword/guided/word_support.h"
#include "kiloword/model/language_model.h"

namespace kiloword {

class TokenTexts;

/// Restricts the description of one image to words with evidence. Both members must outlive the search.
struct Grounding {
  const WordSupport& words;  ///< the words allowed; WordSupport::value is added to V
  const OutputRules& rules;  ///< replace the decoder's rules; may require a fact
};

/// An image to describe.
struct GuidedTarget {
  TextScorer* scorer = nullptr;          ///< null: none
  const Grounding* grounding = nullptr;  ///< null: any words
};

/// The result of a search.
struct GuidedResult {
  std::optional<Description> description;
  std::optional<Error> error;  ///< kInput: the rules allow no text
};

/// Writes descriptions: a language model proposes next tokens, and the search keeps those that also fit the
/// image.
///
/// Weighted objective. With L the sum of log-probabilities of the tokens y written so far:
///
///   V(y) = lm_weight L(y) + clip_weight scale cos(image, text(y)) + scorer_weight scorer(text(y))
///
/// With all weights 1 and scale the CLIP model's exp(logit_scale) this is Bayes' rule: CLIP is trained so
/// that scale cos(image, text) estimates log p(image, text) / (p(image) p(text)) up to a constant of the
/// image, and adding log p(text) gives log p(text | image). lm_weight 0 with scale 1 is the
/// preset "demo": argmax of the cosine or, with a temperature of 0.05, a draw from softmax(cos / 0.05).
/// clip_weight 0 is the language model alone.
///
/// MAGIC objective (Su et al. 2022, arXiv 2205.02655, equations 2 and 5). With h_v the language model's
/// hidden state of candidate v and h_j those of the tokens before it:
///
///   V(y v) = V(y) + lm_weight (1 - a) p(v) - a max_j cos(h_v, h_j)
///                 + clip_weight softmax_K(scale cos(image, text(y v))) + scorer_weight scorer(text(y v))
///
/// Search. Every step keeps the `beams` texts with the highest V or, at a temperature T, the highest V / T +
/// Gumbel noise: one beam is then a sample from softmax(V / T), several are sampled without replacement (Kool
/// et al. 2019). With required phrases, each number of phrases already written has its own `beams` texts, and
/// a phrase may begin at any token (Post and Vilar 2018). The description is the finished text with the
/// highest cosine (with clip_weight 0, the highest V / ((5 + tokens) / 6)^length_exponent).
class GuidedDecoder {
 public:
  /// `model` and `rules` must outlive the decoder; `logit_scale` is the CLIP model's exp(logit_scale). Throws
  /// Error(kUsage) for options out of range or incompatible with the model: more candidates than its
  /// vocabulary has, or a prompt that does not fit its context or that `rules` reject.
  GuidedDecoder(LanguageModel& model, const OutputRules& rules, GuidedOptions options, double logit_scale);

  GuidedDecoder(GuidedDecoder&& other) noexcept;
  ~GuidedDecoder();

  const GuidedOptions& options() const { return options_; }

  /// Describes the image that `cosines` compares texts with. `scorer` may be null. Throws Error(kInput) if
  /// the rules allow no text, and what the scorers throw. The result depends only on the arguments and the
  /// options.
  Description describe(TextScorer& cosines, TextScorer* scorer, const SearchObserver& observer = {}) const;

  /// The same, restricted to complete sentences of words that the image supports. Throws Error(kInput) if
  /// there are none.
  Description describe(TextScorer& cosines, TextScorer* scorer, const SearchObserver& observer,
                       const Grounding& grounding) const;

  /// Describes several images together. Each result equals that of describe() for the image alone, provided
  /// that neither a text's cosine nor a row's log-probabilities depend on the rest of the batch. targets[i]
  /// is image i of `cosines`; either all targets are grounded or none. `observer` is called for every search.
  std::vector<GuidedResult> describe(ImageScorer& cosines, const std::vector<GuidedTarget>& targets,
                                     const SearchObserver& observer = {}) const;

 private:
  LanguageModel& model_;
  const OutputRules& rules_;
  GuidedOptions options_;
  ChatPrompt prompt_;  // no header without a chat prompt
  std::unique_ptr<TokenTexts> token_texts_;
};

}  // namespace kiloword
