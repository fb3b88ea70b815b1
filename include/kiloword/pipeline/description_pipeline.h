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

/// The models' names in records of descriptions.
struct DescriptionNames {
  std::string model;
  std::string language_model;
};

/// The parts that ground descriptions in the image.
struct GroundingParts {
  const FactFinder& facts;
  const OutputRuleOptions& rules;  ///< of all descriptions; a fact may be required besides
};

/// Where sentences written by people come from, and which of them are allowed.
struct RetrievalParts {
  const SentenceSource& sentences;
  const OutputRules& rules;
};

/// Image to record: embedding, retrieval, guided search, description.
class DescriptionPipeline {
 public:
  /// All arguments must outlive the describer; `scorer` may be null. Without `grounding`, descriptions are
  /// what the search finds. With `retrieval`, a sentence of the bank goes first. `remembers_texts`:
  /// embeddings of texts are kept for the next images, 64 MB at most; for an encoder whose texts are
  /// independent.
  DescriptionPipeline(ImageTextEncoder& encoder, const GuidedDecoder& decoder, ScorerProcess* scorer,
                      DescriptionNames names, std::optional<GroundingParts> grounding = std::nullopt,
                      std::optional<RetrievalParts> retrieval = std::nullopt, bool remembers_texts = false);
  /// The same with texts of a network that sees the image. `encoder` has computed the findings that it writes
  /// from (ImageTextEncoder::description_model). With `grounding`, the description is the first text found
  /// whose words are all supported. With `reranker`, for which images have been prepared too, the texts found
  /// are first ordered by its cosines.
  DescriptionPipeline(ImageTextEncoder& encoder, const BeamSearch& search, DescriptionNames names,
                      std::optional<GroundingParts> grounding = std::nullopt,
                      std::optional<RetrievalParts> retrieval = std::nullopt, bool remembers_texts = false,
                      const Reranker* reranker = nullptr);
  DescriptionPipeline(const DescriptionPipeline&) = delete;
  DescriptionPipeline& operator=(const DescriptionPipeline&) = delete;
  ~DescriptionPipeline();

  /// The record of `image`, which depends on nothing but the image, the models and the options; an image with
  /// an error, or one for which the output rules leave no description, gives its error record. With
  /// grounding, the description is the guided text if its least supported content word passes, it holds more
  /// than the sentence of facts and has the higher cosine, else that sentence if the rules allow it,
  /// else the statements of the label sets. Throws what ends a run: Error(kModel) of a scorer that fails.
  DescriptionRecord describe(const PreparedImage& image, const SearchObserver& observer = {}) const;

  /// The same for an image whose embedding is known already; the time for that is in its `ms`.
  DescriptionRecord describe(const EncodedImage& image, const SearchObserver& observer = {}) const;

  /// The same for several, whose searches go step by step together. Each record is as that of its image alone
  /// where texts are independent (ImageTextEncoder::texts_are_independent) and the language model runs on a
  /// CPU. `ms` is the mean of all.
  std::vector<DescriptionRecord> describe(const std::vector<const EncodedImage*>& images,
                                          const SearchObserver& observer = {}) const;

 private:
  struct Begun;
  using Compare = std::function<double(const std::string& text)>;

  void begin(Begun& begun) const;
  /// Whether a sentence of the bank is the description, which is then filled in.
  bool retrieve(const Begun& begun) const;
  /// Describes the image by what `search_` writes.
  void write(const Begun& begun, const SearchObserver& observer) const;
  static void take(Description description, DescriptionRecord& record);
  void describe_freely(const Begun& begun, const SearchObserver& observer) const;
  /// Chooses the description once the search has ended; `compare` gives cosines with the image.
  void settle(const Begun& begun, GuidedResult result, const Compare& compare,
              const SearchObserver& observer) const;
  /// Whether the guided text of `words` and `cosine` states more than the sentence of facts and fits the
  /// image better, or nothing is known, or the user requires phrases in it.
  bool beats_facts(const ImageFacts& facts, const std::vector<WordEvidence>& words, double cosine,
                   const Compare& compare) const;
  /// Fills in the description where no guided text is taken.
  void tell_facts(const ImageFacts& facts, DescriptionRecord& record) const;
  /// Runs `what`; an Error(kInput) becomes the record of its image, and false is returned.
  template <typename Do>
  static bool catch_input_error(const Begun& begun, const Do& what);
  void complete(const Begun& begun, double search_ms) const;

  ImageTextEncoder& encoder_;
  const GuidedDecoder* decoder_ = nullptr;  ///< this one,
  const BeamSearch* search_ = nullptr;      ///< or this
  const Reranker* reranker_ = nullptr;      ///< of what `search_` finds
  ScorerProcess* scorer_ = nullptr;
  DescriptionNames names_;
  std::optional<GroundingParts> grounding_;
  std::optional<RetrievalParts> retrieval_;
  std::unique_ptr<const OutputRules> plain_rules_;  // of all images; null without grounding
  std::unique_ptr<TextMemo> memo_;
};

}  // namespace kiloword
