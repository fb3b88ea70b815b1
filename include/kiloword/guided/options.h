#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kiloword {

/// How the next token is valued; guided/decoder.h has the formulas.
enum class Objective {
  kWeighted,  ///< log-probability and cosine of the whole text, weighted
  kMagic,     ///< MAGIC: probability, degeneration penalty and softmax of cosines, token by token
};

/// Where a description ends, if the tokens last.
enum class StopRule {
  kSentence,  ///< with the first sentence, with the line, or where the language model ends its text
  kEnd,       ///< where the language model ends its text
  kNever,     ///< nowhere: every description has all its tokens
};

/// What to write and how to search for it.
struct GuidedOptions {
  std::string prompt;  ///< what the description begins with
  Objective objective = Objective::kWeighted;
  int candidates = 50;       ///< K, the language model's likeliest next tokens that are looked at
  int tokens = 30;           ///< written at most
  int beams = 5;             ///< descriptions that are followed at the same time
  double lm_weight = 1;      ///< of the language model's term
  double clip_weight = 1;    ///< of the cosine's term; 0: the picture does not matter
  double scorer_weight = 1;  ///< of an external scorer's values, if there is one
  /// What cosines are multiplied by; none: the CLIP model's own logit scale.
  std::optional<double> cosine_scale;
  /// 0: always the best; above: drawn from the softmax of the values over this temperature.
  double temperature = 0;
  uint64_t seed = 0;
  StopRule stop = StopRule::kSentence;
  double length_exponent = 1;       ///< of the length normalisation among finished texts, 0: none
  int no_repeat_ngram = 3;          ///< no run of this many tokens comes twice; 0: they may
  double degeneration_penalty = 0;  ///< MAGIC's alpha, 0..1
};

/// The settings known as "balanced", "demo" or "magic". Throws Error(kUsage) for another name.
/// - balanced: beams, Bayes' rule: language model and CLIP count as they say
/// - demo: the field's first demo: prompt "An image of ", the highest cosine among 2,500 candidates wins, the
///   language model's probabilities count for nothing, 25 tokens
/// - magic: Su et al. 2022, "Language Models Can See", section 3.2, with its values for COCO captions
GuidedOptions preset_options(const std::string& name);

/// What a user asks for: a preset, and what is to be different from it.
struct GuidedChoices {
  std::string preset = "balanced";
  std::optional<std::string> prompt;
  std::optional<int> candidates;
  std::optional<int> tokens;
  std::optional<int> beams;
  std::optional<double> lm_weight;
  std::optional<double> clip_weight;
  std::optional<double> temperature;
  std::optional<std::string> stop;  ///< "sentence", "end" or "never"
  uint64_t seed = 0;
  std::string ground = "auto";  ///< "auto" or "off": is_grounded()
};

/// Whether descriptions are tied to what is known of the image, which `ground` "auto" leaves to the search:
/// where it weighs language model and image against each other and takes the best sentence.
bool is_grounded(const GuidedOptions& options, const std::string& ground);

/// The options that `choices` ask for. `model_prompt` is what texts of the language model begin with, where
/// it says so; without one of the user's, the preset's or the model's the prompt is "An image of": models of
/// the whole web write about an image only when asked. A preset's candidates are at most `vocab_size`.
GuidedOptions guided_options(const GuidedChoices& choices, const std::optional<std::string>& model_prompt,
                             int64_t vocab_size);

}  // namespace kiloword
