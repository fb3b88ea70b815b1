#include "kiloword/guided/decoder.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <utility>

#include "guided/search.h"
#include "guided/search_group.h"
#include "guided/token_texts.h"
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
    : model_(model),
      rules_(rules),
      options_(std::move(options)),
      token_texts_(std::make_unique<TokenTexts>(model.tokenizer())) {
  if (!options_.cosine_scale) options_.cosine_scale = logit_scale;
  check(options_, model);
  if (options_.chat_prompt.empty()) {
    prompt_.ids = model.encode_prompt(options_.prompt);
  } else {
    prompt_ = model.encode_chat(options_.chat_prompt, options_.prompt);
  }
  if (static_cast<int64_t>(prompt_.ids.size()) >= model.context_length()) {
    refuse("the prompt has " + std::to_string(prompt_.ids.size()) + " tokens, the language model takes " +
               std::to_string(model.context_length()) + " with what it writes",
           "--prompt", "shorten it");
  }
  if (const auto violation = rules.violation(options_.prompt)) {
    refuse("the prompt breaks an output rule: " + *violation, "--prompt", "change the prompt or the rule");
  }
}

namespace {

/// The cosines of one image.
class OneImage : public ImageScorer {
 public:
  explicit OneImage(TextScorer& cosines) : cosines_(cosines) {}
  std::vector<std::vector<double>> score(const std::vector<std::vector<std::string>>& texts) override {
    return {cosines_.score(texts.front())};
  }
  double score_alone(size_t /*image*/, const std::string& text) override {
    return cosines_.score({text}).front();
  }

 private:
  TextScorer& cosines_;
};

Description description_or_error(GuidedResult result) {
  if (result.error) throw Error(*result.error);
  return std::move(*result.description);
}

}  // namespace

GuidedDecoder::GuidedDecoder(GuidedDecoder&& other) noexcept = default;
GuidedDecoder::~GuidedDecoder() = default;

Description GuidedDecoder::describe(TextScorer& cosines, TextScorer* scorer,
                                    const SearchObserver& observer) const {
  OneImage image(cosines);
  return description_or_error(describe(image, {{scorer, nullptr}}, observer).front());
}

Description GuidedDecoder::describe(TextScorer& cosines, TextScorer* scorer, const SearchObserver& observer,
                                    const Grounding& grounding) const {
  OneImage image(cosines);
  return description_or_error(describe(image, {{scorer, &grounding}}, observer).front());
}

std::vector<GuidedResult> GuidedDecoder::describe(ImageScorer& cosines,
                                                  const std::vector<GuidedTarget>& targets,
                                                  const SearchObserver& observer) const {
  const std::unique_ptr<LmSession> session = model_.start(prompt_.ids);
  const int64_t steps =
      std::min<int64_t>(options_.tokens, model_.context_length() - static_cast<int64_t>(prompt_.ids.size()));
  std::deque<Valuation> valuations;
  std::vector<std::unique_ptr<Search>> searches;
  for (size_t i = 0; i < targets.size(); ++i) {
    const Grounding* grounding = targets[i].grounding;
    const WordSupport* words = grounding == nullptr ? nullptr : &grounding->words;
    valuations.emplace_back(options_, targets[i].scorer, words);
    searches.push_back(std::make_unique<Search>(
        model_, *token_texts_, grounding == nullptr ? rules_ : grounding->rules, options_, prompt_, words,
        valuations.back(), observer,
        [&cosines, i](const std::string& text) { return cosines.score_alone(i, text); },
        session->prompt_hidden(), steps));
  }
  return SearchGroup(*session, model_.vocab_size(), cosines).run(searches);
}

}  // namespace kiloword
