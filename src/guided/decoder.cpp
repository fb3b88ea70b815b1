#include "kiloword/guided/decoder.h"

#include <utility>

#include "guided/search.h"
#include "guided/valuation.h"
#include "kiloword/base/error.h"

namespace kiloword {
namespace {

[[noreturn]] void refuse(const std::string& what, const std::string& option, const std::string& remedy) {
  throw Error(ErrorKind::kUsage, what, option, remedy);
}

void check(const GuidedOptions& options, const LanguageModel& model) {
  if (options.candidates > model.vocab_size()) {
    const std::string size = std::to_string(model.vocab_size());
    refuse(
        std::to_string(options.candidates) + " candidates, but the language model's vocabulary has " + size,
        "--candidates", "use " + size + " or less");
  }
  if (options.candidates < 1) refuse("no candidates", "--candidates", "use 1 or more");
  if (options.tokens < 1) refuse("no tokens to write", "--tokens", "use 1 or more");
  if (options.beams < 1) refuse("no beams", "--beams", "use 1 or more");
  if (!(options.temperature >= 0)) refuse("a temperature below 0", "--temperature", "use 0 or more");
}

}  // namespace

GuidedDecoder::GuidedDecoder(LanguageModel& model, const OutputRules& rules, GuidedOptions options,
                             double logit_scale)
    : model_(model), rules_(rules), options_(std::move(options)) {
  if (!options_.cosine_scale) options_.cosine_scale = logit_scale;
  check(options_, model);
  prompt_ids_ = model.encode_prompt(options_.prompt);
  if (static_cast<int64_t>(prompt_ids_.size()) >= model.context_length()) {
    refuse("the prompt has " + std::to_string(prompt_ids_.size()) + " tokens, the language model takes " +
               std::to_string(model.context_length()) + " with what it writes",
           "--prompt", "shorten it");
  }
  if (const auto violation = rules.violation(options_.prompt)) {
    refuse("the prompt breaks an output rule: " + *violation, "--prompt", "change the prompt or the rule");
  }
}

Description GuidedDecoder::describe(TextScorer& cosines, TextScorer* scorer,
                                    const SearchObserver& observer) const {
  const Valuation valuation(options_, cosines, scorer, nullptr);
  return Search(model_, rules_, options_, prompt_ids_, nullptr, valuation, observer).run();
}

Description GuidedDecoder::describe(TextScorer& cosines, TextScorer* scorer, const SearchObserver& observer,
                                    const Grounding& grounding) const {
  const Valuation valuation(options_, cosines, scorer, &grounding.words);
  return Search(model_, grounding.rules, options_, prompt_ids_, &grounding.words, valuation, observer).run();
}

}  // namespace kiloword
