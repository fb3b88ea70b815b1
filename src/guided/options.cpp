#include "kiloword/guided/options.h"

#include <algorithm>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

constexpr const char* kGeneralPrompt = "An image of";

StopRule stop_rule(const std::string& name) {
  if (name == "never") return StopRule::kNever;
  return name == "end" ? StopRule::kEnd : StopRule::kSentence;
}

}  // namespace

GuidedOptions preset_options(const std::string& name) {
  GuidedOptions options;
  if (name == "balanced") return options;
  options.beams = 1;
  options.stop = StopRule::kNever;
  options.no_repeat_ngram = 0;
  if (name == "demo") {
    options.prompt = "An image of ";
    options.candidates = 2500;
    options.tokens = 25;
    options.lm_weight = 0;
    options.cosine_scale = 1;
    return options;
  }
  if (name == "magic") {
    options.objective = Objective::kMagic;
    options.candidates = 45;
    options.tokens = 16;
    options.clip_weight = 2;
    options.degeneration_penalty = 0.1;
    return options;
  }
  throw Error(ErrorKind::kUsage, "unknown preset \"" + name + "\"", "--preset",
              "use balanced, demo or magic");
}

bool is_grounded(const GuidedOptions& options, const std::string& ground) {
  return ground != "off" && options.objective == Objective::kWeighted && options.lm_weight > 0 &&
         options.clip_weight > 0 && options.temperature == 0 && options.stop == StopRule::kSentence;
}

GuidedOptions guided_options(const GuidedChoices& choices, const std::optional<std::string>& model_prompt,
                             int64_t vocab_size) {
  if (choices.rerank) {
    throw Error(ErrorKind::kUsage, "applies only to descriptions by a CoCa model", "--rerank",
                "leave it out, or describe with --engine coca");
  }
  GuidedOptions options = preset_options(choices.preset);
  options.chat_prompt = choices.chat_prompt.value_or("");
  if (choices.prompt) {
    options.prompt = *choices.prompt;
  } else if (options.prompt.empty() && options.chat_prompt.empty()) {
    options.prompt = model_prompt.value_or(kGeneralPrompt);
  }
  options.candidates =
      choices.candidates.value_or(static_cast<int>(std::min<int64_t>(options.candidates, vocab_size)));
  options.tokens = choices.tokens.value_or(options.tokens);
  options.beams = choices.beams.value_or(options.beams);
  options.lm_weight = choices.lm_weight.value_or(options.lm_weight);
  options.clip_weight = choices.clip_weight.value_or(options.clip_weight);
  options.temperature = choices.temperature.value_or(options.temperature);
  options.seed = choices.seed;
  if (choices.stop) options.stop = stop_rule(*choices.stop);
  return options;
}

}  // namespace kiloword
