#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kiloword/guided/beam_search.h"
#include "kiloword/guided/decoder.h"
#include "kiloword/guided/rule_options.h"
#include "kiloword/guided/scorer_process.h"
#include "kiloword/model/image_text_encoder.h"
#include "kiloword/pipeline/encoded_image.h"
#include "kiloword/pipeline/image_facts.h"
#include "kiloword/pipeline/prepared_image.h"
#include "kiloword/pipeline/record.h"
#include "kiloword/pipeline/reranker.h"
#include "kiloword/pipeline/sentence_source.h"

namespace kiloword {

class TextMemo;

/// The names of the models in description records.
struct DescriptionNames {
  std::string model;
  std::string language_model;
};

/// The parts that restrict descriptions to what the image supports.
struct GroundingParts {
  const FactFinder& facts;
  const OutputRuleOptions& rules;  ///< of all descriptions; a fact may also be required
};

/// A bank of human-written sentences, and the rules that they must pass.
struct RetrievalParts {
  const SentenceSource& sentences;
  const OutputRules& rules;
};

/// Image to record: embedding, retrieval, guided search, description.
class DescriptionPipeline {
 public:
  /// All arguments must outlive the pipeline; `scorer` may be null. Without `grounding`, the description is
  /// the result of the search. With `retrieval`, a sentence of the bank is used if one passes.
  /// `remembers_texts` keeps text embeddings for later images, at most 64 MB; only for an encoder whose texts
  /// are independent.
  DescriptionPipeline(ImageTextEncoder& encoder, const GuidedDecoder& decoder, ScorerProcess* scorer,
                      DescriptionNames names, std::optional<GroundingParts> grounding = std::nullopt,
                      std::optional<RetrievalParts> retrieval = std::nullopt, bool remembers_texts = false);
  /// The same with texts of a network conditioned on the image; `encoder` has computed its input, the
  /// findings (ImageTextEncoder::description_model). With `grounding`, the description is the first text
  /// whose words are all supported. With `reranker`, for which the images must also have been prepared, the
  /// texts are first reordered by its cosines.
  DescriptionPipeline(ImageTextEncoder& encoder, const BeamSearch& search, DescriptionNames names,
                      std::optional<GroundingParts> grounding = std::nullopt,
                      std::optional<RetrievalParts> retrieval = std::nullopt, bool remembers_texts = false,
                      const Reranker* reranker = nullptr);
  DescriptionPipeline(const DescriptionPipeline&) = delete;
  DescriptionPipeline& operator=(const DescriptionPipeline&) = delete;
  ~DescriptionPipeline();

  /// The record of `image`, which depends only on the image, the models and the options. An image with an
  /// error, or one for which the output rules allow no description, gets an error record. With grounding, the
  /// description is the guided text if its least supported content word reaches the threshold and the text is
  /// more informative than the sentence of facts and has a higher cosine; else that sentence, if the rules
  /// allow it; else the statements of the label sets. If the user requires phrases, an unguided text replaces
  /// the last two. Throws Error(kModel) if the scorer fails, which ends the run.
  DescriptionRecord describe(const PreparedImage& image, const SearchObserver& observer = {}) const;

  /// The same for an image that is already encoded; its `ms` includes the time for that.
  DescriptionRecord describe(const EncodedImage& image, const SearchObserver& observer = {}) const;

  /// The same for several images, whose searches advance step by step together. Each record equals that of
  /// its image alone if texts are independent (ImageTextEncoder::texts_are_independent) and the language
  /// model runs on a CPU. `ms` is the mean over the images.
  std::vector<DescriptionRecord> describe(const std::vector<const EncodedImage*>& images,
                                          const SearchObserver& observer = {}) const;

 private:
  struct Begun;
  using Compare = std::function<double(const std::string& text)>;

  void begin(Begun& begun) const;
  /// Fills in a sentence of the bank as the description; false if none passes.
  bool retrieve(const Begun& begun) const;
  /// Describes the image with `search_`.
  void write(const Begun& begun, const SearchObserver& observer) const;
  static void take(Description description, DescriptionRecord& record);
  void describe_freely(const Begun& begun, const SearchObserver& observer) const;
  /// Chooses the description after the search; `compare` gives cosines with the image.
  void settle(const Begun& begun, GuidedResult result, const Compare& compare,
              const SearchObserver& observer) const;
  /// Whether a guided text with these `words` and this `cosine` is more informative than the sentence of
  /// facts and fits the image better. Also true if there is no such sentence, the rules do not allow it, or
  /// the user requires phrases.
  bool beats_facts(const ImageFacts& facts, const std::vector<WordEvidence>& words, double cosine,
                   const Compare& compare) const;
  /// Fills in the description if no guided text is used.
  void tell_facts(const ImageFacts& facts, DescriptionRecord& record) const;
  /// Runs `what`; turns an Error(kInput) into the image's error record and returns false.
  template <typename Do>
  static bool catch_input_error(const Begun& begun, const Do& what);
  void complete(const Begun& begun, double search_ms) const;

  ImageTextEncoder& encoder_;
  const GuidedDecoder* decoder_ = nullptr;  ///< null if search_ is set
  const BeamSearch* search_ = nullptr;      ///< null if decoder_ is set
  const Reranker* reranker_ = nullptr;      ///< of the texts of `search_`; may be null
  ScorerProcess* scorer_ = nullptr;
  DescriptionNames names_;
  std::optional<GroundingParts> grounding_;
  std::optional<RetrievalParts> retrieval_;
  std::unique_ptr<const OutputRules> plain_rules_;  // the rules without facts; null without grounding
  std::unique_ptr<TextMemo> memo_;
};

}  // namespace kiloword
