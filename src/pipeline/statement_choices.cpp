#include "kiloword/pipeline/statement_choices.h"

#include "kiloword/labels/rank_rule.h"

namespace kiloword {

std::shared_ptr<const TextReader> text_reader(const StatementChoices& choices) {
  const ReadingOptions options{reading_mode(choices.read_text), choices.text_language, choices.read_text_ms};
  return options.mode == Reading::kOff ? nullptr : std::make_shared<const TextReader>(options);
}

CaptionerOptions captioner_options(const StatementChoices& choices, const std::string& model_name) {
  constexpr size_t kExplainedLabels = 5;
  CaptionerOptions options;
  options.rank.rule = rank_rule(choices.rank);
  options.rank.top_k = static_cast<size_t>(choices.top_k);
  options.rank.per_set = static_cast<size_t>(choices.per_set);
  options.rank.min_confidence = choices.min_confidence;
  options.author = choices.author;
  options.model_name = model_name;
  options.typographic = typographic_rule(choices.typographic);
  options.reader = text_reader(choices);
  options.frames = choices.frames;
  options.explain_labels = choices.explain ? kExplainedLabels : 0;
  return options;
}

}  // namespace kiloword
