#include <chrono>
#include <memory>
#include <string>

#include "cli/commands/commands.h"
#include "cli/encode_inputs.h"
#include "cli/inputs.h"
#include "cli/record_text.h"
#include "cli/watch.h"
#include "kiloword/engine/loaded_model.h"
#include "kiloword/pipeline/describer.h"

namespace kiloword::cli {
namespace {

GuidedOptions search_options(const DescribeArguments& arguments, const LoadedLanguageModel& model) {
  GuidedChoices choices;
  choices.preset = arguments.preset;
  choices.prompt = arguments.prompt;
  choices.candidates = arguments.candidates;
  choices.tokens = arguments.tokens;
  choices.beams = arguments.beams;
  choices.lm_weight = arguments.lm_weight;
  choices.clip_weight = arguments.clip_weight;
  choices.temperature = arguments.temperature;
  choices.stop = arguments.stop;
  choices.seed = arguments.seed;
  GuidedOptions options = guided_options(choices, model.entry.prompt, model.model->vocab_size());
  options.scorer_weight = arguments.scorer_weight;
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
  const bool named = shows_filenames(arguments.input);
  const OutputRules rules = output_rules(arguments);
  const LoadedLanguageModel language_model =
      open_language_model(arguments.language_model, arguments.model.compute, console);
  const LoadedModel model = open_model(arguments.model.model, arguments.model.compute, console);
  const GuidedDecoder decoder(*language_model.model, rules, search_options(arguments, language_model),
                              model.encoder->logit_scale());
  const std::unique_ptr<ScorerProcess> scorer = start_scorer(arguments);
  const Describer describer(*model.encoder, decoder, scorer.get(),
                            {model.entry.name, language_model.entry.name});
  bool none_left = false;
  EncodeOptions encoding = encode_options(arguments.model, arguments.input.limits);
  encoding.queue.calls = 1;  // on all cores, as the texts that an image is compared with
  encoding.queue.images_per_call = 1;
  const auto describe = [&](const EncodedImage& image) {
    Watch watch;
    SearchObserver observer;
    if (arguments.watch) observer = [&watch](const SearchView& view) { watch.show(view); };
    const DescriptionRecord record = describer.describe(image, observer);
    watch.clear();
    if (record.error && !image.image.error) {
      none_left = true;
      console.error(*record.error);
    }
    write_description(to_json(record), arguments.format, named);
  };
  const int exit_code = for_each_input(arguments.input, *model.encoder, encoding, console, describe);
  return none_left ? 1 : exit_code;
}

}  // namespace kiloword::cli
