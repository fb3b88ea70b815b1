#include "cli/input/describe_options.h"

#include <memory>
#include <string>
#include <utility>

#include "kiloword/base/paths.h"
#include "kiloword/engine/engine_parts.h"
#include "kiloword/guided/beam_search.h"
#include "kiloword/guided/output_rules.h"
#include "kiloword/search/sentence_bank.h"

namespace kiloword::cli {

std::string language_model_of(const DescribeChoices& choices) {
  return choices.search.engine == "coca" ? "" : choices.language_model;
}

DescribeOptions describe_options(const DescribeChoices& choices) {
  DescribeOptions options;
  options.search = choices.search;
  options.rules = choices.rules;
  for (const std::string& file : choices.avoid_files) {
    for (std::string& phrase : read_avoid_file(file)) options.rules.avoided.push_back(std::move(phrase));
  }
  // Before models are loaded.
  const OutputRules checked(options.rules);
  if (choices.search.engine == "coca") {
    beam_options(choices.search);
  } else {
    guided_options(choices.search, std::nullopt, 1);
  }
  options.scorer = choices.scorer;
  options.scorer_weight = choices.scorer_weight;
  options.scorer_timeout_s = choices.scorer_timeout_s;
  return options;
}

Describer open_describer(const Engine& engine, DescribeOptions options, const DescribeChoices& choices,
                         Console& console) {
  if (!choices.bank_file.empty()) {
    options.sentences = std::make_shared<const SentenceBank>(choices.bank_file, engine.parts().encoder(),
                                                             cache_directory() / "banks", console);
  }
  return engine.describer(options);
}

}  // namespace kiloword::cli
