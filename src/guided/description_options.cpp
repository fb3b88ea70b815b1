#include "kiloword/guided/description_options.h"

namespace kiloword {

const OptionTable<GuidedChoices>& search_options() {
  using Choices = GuidedChoices;
  constexpr double kMaxWeight = 1e6;
  static const OptionTable<Choices> kTable{
      {"engine", &Choices::engine, "lm|coca",
       "What writes: a language model, or the decoder of the (CoCa) model that sees the image"},
      {"preset", &Choices::preset, "balanced|demo|magic", "Defaults of the options below"},
      {"prompt", &Choices::prompt, "TEXT",
       "The beginning of the description; default: the preset's or the model's"},
      {"chat_prompt", &Choices::chat_prompt, "TEXT",
       "A message that asks a chat-tuned language model for the description; --prompt begins its answer"},
      {"candidates", &Choices::candidates, "K", "Likeliest next tokens to evaluate", 1, 1000000},
      {"tokens", &Choices::tokens, "N", "Maximum tokens of a description", 1, 100000},
      {"beams", &Choices::beams, "N", "Beam width", 1, 1000},
      {"lm_weight", &Choices::lm_weight, "W", "Weight of the language model's term", 0, kMaxWeight},
      {"clip_weight", &Choices::clip_weight, "W", "Weight of the image's term; 0: the language model alone",
       0, kMaxWeight},
      {"temperature", &Choices::temperature, "T", "0: the best token; above: draw from softmax(value / T)", 0,
       kMaxWeight},
      {"seed", &Choices::seed, "N", "Seed of the sampling; the same seed gives the same text"},
      {"stop", &Choices::stop, "sentence|end|never",
       "End after a sentence, where the model ends the text, or never"},
      {"ground", &Choices::ground, "auto|off", "Restrict words to those that the image supports, or not"},
      {"rerank", &Choices::rerank, "M", "Another model, which picks the best-fitting of a CoCa's texts"},
  };
  return kTable;
}

const OptionTable<OutputRuleOptions>& rule_options() {
  using Rules = OutputRuleOptions;
  static const OptionTable<Rules> kTable{
      {"avoid", &Rules::avoided, "TEXT", "A word or phrase not to write; repeatable"},
      {"must_include", &Rules::required, "TEXT", "A word or phrase to write; repeatable"},
      {"max_chars", &Rules::max_chars, "N", "Maximum characters of a description", 1, 1000000},
  };
  return kTable;
}

}  // namespace kiloword
