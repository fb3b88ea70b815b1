#include <algorithm>
#include <chrono>
#include <memory>
#include <string>

#include "cli/commands/commands.h"
#include "cli/inputs.h"
#include "cli/session.h"
#include "cli/watch.h"
#include "kiloword/pipeline/describer.h"

namespace kiloword::cli {
namespace {

/// Where neither the user, the preset nor the language model knows what descriptions begin with: models of
/// the whole web write one only when asked.
constexpr const char* kGeneralPrompt = "An image of";

StopRule stop_rule(const std::string& name) {
  if (name == "never") return StopRule::kNever;
  return name == "end" ? StopRule::kEnd : StopRule::kSentence;
}

GuidedOptions guided_options(const DescribeArguments& arguments, const LoadedLanguageModel& model) {
  GuidedOptions options = preset_options(arguments.preset);
  if (arguments.prompt) {
    options.prompt = *arguments.prompt;
  } else if (options.prompt.empty()) {
    options.prompt = model.entry.prompt.value_or(kGeneralPrompt);
  }
  const auto vocabulary = static_cast<int>(model.model->vocab_size());
  options.candidates = arguments.candidates.value_or(std::min(options.candidates, vocabulary));
  options.tokens = arguments.tokens.value_or(options.tokens);
  options.beams = arguments.beams.value_or(options.beams);
  options.lm_weight = arguments.lm_weight.value_or(options.lm_weight);
  options.clip_weight = arguments.clip_weight.value_or(options.clip_weight);
  options.scorer_weight = arguments.scorer_weight;
  options.temperature = arguments.temperature.value_or(options.temperature);
  options.seed = arguments.seed;
  if (arguments.stop) options.stop = stop_rule(*arguments.stop);
  return options;
}

OutputRules output_rules(const DescribeArguments& arguments) {
  OutputRuleOptions options = arguments.rules;
  for (const std::string& file : arguments.avoid_files) {
    const std::vector<std::string> phrases = read_avoid_file(file);
    options.avoided.insert(options.avoided.end(), phrases.begin(), phrases.end());
  }
  return OutputRules(options);
}

std::unique_ptr<ScorerProcess> start_scorer(const DescribeArguments& arguments) {
  if (arguments.scorer.empty()) return nullptr;
  ScorerOptions options;
  options.command = arguments.scorer;
  options.timeout = std::chrono::milliseconds(static_cast<int64_t>(1000 * arguments.scorer_timeout_s));
  return std::make_unique<ScorerProcess>(options);
}

}  // namespace

int run_describe(const DescribeArguments& arguments, Console& console) {
  require_inputs(arguments.input);
  const OutputRules rules = output_rules(arguments);
  const LoadedLanguageModel language_model =
      load_language_model(arguments.language_model, arguments.model.compute, console);
  const LoadedModel model = load_model(arguments.model, console);
  const GuidedDecoder decoder(*language_model.model, rules, guided_options(arguments, language_model),
                              model.encoder->logit_scale());
  const std::unique_ptr<ScorerProcess> scorer = start_scorer(arguments);
  const Describer describer(*model.encoder, decoder, scorer.get(),
                            {model.entry.name, language_model.entry.name});
  bool none_left = false;
  const int exit_code = for_each_input(arguments.input, arguments.model, model.encoder->preprocess(), console,
                                       [&](const PreparedImage& image) {
                                         Watch watch;
                                         SearchObserver observer;
                                         if (arguments.watch)
                                           observer = [&watch](const SearchView& view) { watch.show(view); };
                                         const DescriptionRecord record = describer.describe(image, observer);
                                         watch.clear();
                                         if (record.error && !image.error) {
                                           none_left = true;
                                           console.error(*record.error);
                                         }
                                         if (arguments.format == Format::kJson) {
                                           write_line(to_json(record));
                                         } else if (!record.error) {
                                           write_line(record.description);
                                         }
                                       });
  return none_left ? 1 : exit_code;
}

}  // namespace kiloword::cli
