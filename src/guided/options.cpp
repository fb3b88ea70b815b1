#include "kiloword/guided/options.h"

#include "kiloword/base/error.h"

namespace kiloword {

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

}  // namespace kiloword
