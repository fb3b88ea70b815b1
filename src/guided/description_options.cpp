#include "kiloword/guided/description_options.h"

namespace kiloword {

const OptionTable<GuidedChoices>& search_options() {
  using Choices = GuidedChoices;
  constexpr double kMaxWeight = 1e6;
  static const OptionTable<Choices> kTable{
      {"preset", &Choices::preset, "balanced|demo|magic",
       "What the options below are where they are not given"},
      {"prompt", &Choices::prompt, "TEXT", "What the description begins with; default: as the models say"},
      {"candidates", &Choices::candidates, "K", "Likeliest next tokens that are looked at", 1, 1000000},
      {"tokens", &Choices::tokens, "N", "Tokens written at most", 1, 100000},
      {"beams", &Choices::beams, "N", "Descriptions followed at the same time", 1, 1000},
      {"lm_weight", &Choices::lm_weight, "W", "Weight of the language model's term", 0, kMaxWeight},
      {"clip_weight", &Choices::clip_weight, "W", "Weight of the image's term; 0: the language model alone",
       0, kMaxWeight},
      {"temperature", &Choices::temperature, "T", "0: the best token; above: draw from softmax(value / T)", 0,
       kMaxWeight},
      {"seed", &Choices::seed, "N", "Of the draws; the same seed gives the same text"},
      {"stop", &Choices::stop, "sentence|end|never",
       "Where to end: at a sentence's end, at the model's, or never"},
      {"ground", &Choices::ground, "auto|off", "Write only what the image supports, or whatever is found"},
  };
  return kTable;
}

const OptionTable<OutputRuleOptions>& rule_options() {
  using Rules = OutputRuleOptions;
  static const OptionTable<Rules> kTable{
      {"avoid", &Rules::avoided, "TEXT", "A word or phrase not to write; repeatable"},
      {"must_include", &Rules::required, "TEXT", "A word or phrase to write; repeatable"},
      {"max_chars", &Rules::max_chars, "N", "Characters of a description at most", 1, 1000000},
  };
  return kTable;
}

}  // namespace kiloword
