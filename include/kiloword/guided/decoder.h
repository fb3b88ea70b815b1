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

/// Restricts the text about one image to its evidence. Both must outlive the search.
struct Grounding {
  const WordSupport& words;  ///< which words may be written; they add WordSupport::value to V
  const OutputRules& rules;  ///< in place of the decoder's own: they may ask for a fact
};

/// An image that is to be described.
struct GuidedTarget {
  TextScorer* scorer = nullptr;          ///< none: null
  const Grounding* grounding = nullptr;  ///< null: any words
};

/// The result of a search.
struct GuidedResult {
  std::optional<Description> description;
  std::optional<Error> error;  ///< kInput: the rules leave no text
};

/// Writes descriptions: a language model proposes the next tokens, and those that also fit the image are
/// chosen.
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
/// Search. Every step keeps the `beams` texts of the highest V; with a temperature T, of the highest
/// V / T + Gumbel noise: one beam is then a draw from softmax(V / T), several are drawn without replacement
/// (Kool et al. 2019). Texts that must hold phrases are searched with `beams` texts for each number of
/// phrases that they hold, and a phrase may begin anywhere (Post and Vilar 2018). Of the finished texts the
/// one of the highest cosine is the description (with clip_weight 0, of the highest V).
class GuidedDecoder {
 public:
  /// `model` and `rules` must outlive the decoder; `logit_scale` is the CLIP model's exp(logit_scale). Throws
  /// Error(kUsage) for options out of range or at odds with the model: more candidates than its vocabulary
  /// has, a prompt that its context does not hold or that `rules` refuse.
  GuidedDecoder(LanguageModel& model, const OutputRules& rules, GuidedOptions options, double logit_scale);

  GuidedDecoder(GuidedDecoder&& other) noexcept;
  ~GuidedDecoder();

  const GuidedOptions& options() const { return options_; }

  /// A description of the image that `cosines` compares with. `scorer` may be null. Throws Error(kInput) when
  /// the rules leave nothing to choose, and what the scorers throw. Depends on nothing but its arguments and
  /// the options.
  Description describe(TextScorer& cosines, TextScorer* scorer, const SearchObserver& observer = {}) const;

  /// The same restricted to whole sentences of words that the image supports. Throws Error(kInput) if there
  /// is none.
  Description describe(TextScorer& cosines, TextScorer* scorer, const SearchObserver& observer,
                       const Grounding& grounding) const;

  /// Descriptions of several images, each as describe() gives it alone, provided that a text's cosine and a
  /// row's log-probabilities do not depend on what shares the call. Image i of `cosines` is that of
  /// targets[i]; either all are grounded or none. `observer` is called for every search.
  std::vector<GuidedResult> describe(ImageScorer& cosines, const std::vector<GuidedTarget>& targets,
                                     const SearchObserver& observer = {}) const;

 private:
  LanguageModel& model_;
  const OutputRules& rules_;
  GuidedOptions options_;
  ChatPrompt prompt_;  // without a header where there is no chat
  std::unique_ptr<TokenTexts> token_texts_;
};

}  // namespace kiloword
