#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kiloword {

/// How candidates for the next token are valued; guided/decoder.h has the formulas.
enum class Objective {
  kWeighted,  ///< log-probability and cosine of the whole text, weighted
  kMagic,     ///< MAGIC: probability, degeneration penalty and softmax of cosines, token by token
};

/// Where a description ends, within the token limit.
enum class StopRule {
  kSentence,  ///< after the first sentence or line, or at the language model's end token
  kEnd,       ///< at the language model's end token
  kNever,     ///< only at the token limit
};

/// The prompt, the objective and the search.
struct GuidedOptions {
  std::string prompt;  ///< the beginning of the description
  /// The message to a chat-tuned language model, in its chat template; empty: it just continues `prompt`.
  std::string chat_prompt;
  Objective objective = Objective::kWeighted;
  int candidates = 50;       ///< K: the language model's most likely next tokens are valued
  int tokens = 30;           ///< at most
  int beams = 5;             ///< beam width
  double lm_weight = 1;      ///< of the language model's term
  double clip_weight = 1;    ///< of the cosine's term; 0: the image is ignored
  double scorer_weight = 1;  ///< of the external scorer's values, if any
  /// The factor applied to cosines; none: the CLIP model's logit scale.
  std::optional<double> cosine_scale;
  /// 0: always take the best; above 0: sample from the softmax of the values at this temperature.
  double temperature = 0;
  uint64_t seed = 0;
  StopRule stop = StopRule::kSentence;
  double length_exponent = 1;       ///< of length normalisation when clip_weight is 0; 0: none
  int no_repeat_ngram = 3;          ///< n-grams of this length never repeat; 0: off
  double degeneration_penalty = 0;  ///< MAGIC's alpha, 0..1
};

/// The presets "balanced", "demo" or "magic". Throws Error(kUsage) for another name.
/// - balanced: beam search, Bayes' rule: language model and CLIP have weight 1
/// - demo: greedy by cosine: prompt "An image of ", 25 tokens, each the one of 2,500 candidates with the
///   highest cosine; the language model's probabilities are ignored
/// - magic: Su et al. 2022, "Language Models Can See", section 3.2, with its values for COCO captions
GuidedOptions preset_options(const std::string& name);

/// The user's choices: a preset and overrides.
struct GuidedChoices {
  /// What writes the description: "lm" or "coca"; none: the language model, if there is one.
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
  std::string ground = "auto";  ///< "auto" or "off": see is_grounded()
  /// For "coca": another image-text model, whose cosines order the finished texts.
  std::optional<std::string> rerank;
};

/// Whether descriptions are restricted to words that the image supports. With `ground` "auto", they are if
/// the objective is kWeighted with both weights above 0, the temperature is 0 and the stop rule is kSentence;
/// with "off", never.
bool is_grounded(const GuidedOptions& options, const std::string& ground);

/// The options of `choices`. `model_prompt` is the prompt that the language model declares, if any. The
/// prompt is the user's, else the preset's, else the model's, else "An image of": models trained on web text
/// describe an image only if prompted to. With a chat prompt, only the user's or the preset's prompt begins
/// the answer. A preset's candidates are at most `vocab_size`. Throws Error(kUsage) for an unknown preset,
/// and for choices that do not apply to language models.
GuidedOptions guided_options(const GuidedChoices& choices, const std::optional<std::string>& model_prompt,
                             int64_t vocab_size);

}  // namespace kiloword
