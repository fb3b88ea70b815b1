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

/// Where a description ends, within the token limit.
enum class StopRule {
  kSentence,  ///< after the first sentence or line, or where the language model ends its text
  kEnd,       ///< where the language model ends its text
  kNever,     ///< nowhere: every description uses all its tokens
};

/// The prompt, the objective and the search.
struct GuidedOptions {
  std::string prompt;  ///< the beginning of the description
  /// The message to a chat-tuned language model, in its chat template; empty: it continues `prompt` alone.
  std::string chat_prompt;
  Objective objective = Objective::kWeighted;
  int candidates = 50;       ///< K, the top next tokens of the language model that are valued
  int tokens = 30;           ///< at most
  int beams = 5;             ///< beam width
  double lm_weight = 1;      ///< of the language model's term
  double clip_weight = 1;    ///< of the cosine's term; 0: the image is ignored
  double scorer_weight = 1;  ///< of an external scorer's values, if there is one
  /// The factor of cosines; none: the CLIP model's own logit scale.
  std::optional<double> cosine_scale;
  /// 0: always the best; above: sampled from the softmax of the values at this temperature.
  double temperature = 0;
  uint64_t seed = 0;
  StopRule stop = StopRule::kSentence;
  double length_exponent = 1;       ///< of the length normalisation among finished texts, 0: none
  int no_repeat_ngram = 3;          ///< no n-gram of this many tokens is repeated; 0: off
  double degeneration_penalty = 0;  ///< MAGIC's alpha, 0..1
};

/// The presets "balanced", "demo" or "magic". Throws Error(kUsage) for another name.
/// - balanced: beam search, Bayes' rule: language model and CLIP have weight 1
/// - demo: the plain rule: prompt "An image of ", the highest cosine among 2,500 candidates wins, the
///   language model's probabilities are ignored, 25 tokens
/// - magic: Su et al. 2022, "Language Models Can See", section 3.2, with its values for COCO captions
GuidedOptions preset_options(const std::string& name);

/// The user's choices: a preset, and changes to it.
struct GuidedChoices {
  /// What writes: "lm" or "coca"; none: a language model, where there is one.
  std::optional<std::string> engine;
  std::string preset = "balanced";
  std::optional<std::string> prompt;
  std::optional<std::string> chat_prompt;
  std::optional<int> candidates;
  std::optional<int> tokens;
  std::optional<int> beams;
  std::optional<double> lm_weight;
  std::optional<double> clip_weight;
  std::optional<double> temperature;
  std::optional<std::string> stop;  ///< "sentence", "end" or "never"
  uint64_t seed = 0;
  std::string ground = "auto";  ///< "auto" or "off": is_grounded()
  /// Of "coca": another model that puts images and texts into one space, by whose cosines the finished texts
  /// are ordered.
  std::optional<std::string> rerank;
};

/// Whether descriptions keep to words that the image supports. `ground` "auto": only if the search weighs
/// language model and image against each other and takes the best sentence.
bool is_grounded(const GuidedOptions& options, const std::string& ground);

/// The options of `choices`. `model_prompt` is the prompt that the language model declares, if any; without
/// one of the user's, the preset's or the model's the prompt is "An image of": models trained on the whole
/// web write about an image only when asked. With a chat prompt, only the user's or the preset's begins the
/// answer. A preset's candidates are at most `vocab_size`. Throws Error(kUsage) for an unknown preset and for
/// choices that are not for language models.
GuidedOptions guided_options(const GuidedChoices& choices, const std::optional<std::string>& model_prompt,
                             int64_t vocab_size);

}  // namespace kiloword
