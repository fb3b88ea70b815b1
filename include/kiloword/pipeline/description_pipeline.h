#pragma once

#include <optional>
#include <string>
#include <utility>

#include "kiloword/guided/decoder.h"
#include "kiloword/guided/rule_options.h"
#include "kiloword/guided/scorer_process.h"
#include "kiloword/model/image_text_encoder.h"
#include "kiloword/pipeline/encoded_image.h"
#include "kiloword/pipeline/image_facts.h"
#include "kiloword/pipeline/prepared_image.h"
#include "kiloword/pipeline/record.h"
#include "kiloword/pipeline/sentence_source.h"

namespace kiloword {

/// What the records of descriptions call the models.
struct DescriptionNames {
  std::string model;
  std::string language_model;
};

/// The parts that ground descriptions in the image.
struct GroundingParts {
  const FactFinder& facts;
  const OutputRuleOptions& rules;  ///< of all descriptions; a fact may be required besides
};

/// Where sentences that people wrote come from, and which of them may be taken.
struct RetrievalParts {
  const SentenceSource& sentences;
  const OutputRules& rules;
};

/// Image to record: embedding, retrieval, guided search, description.
class DescriptionPipeline {
 public:
  /// All arguments must outlive the describer; `scorer` may be null. Without `grounding`, descriptions are
  /// the texts of the search. With `retrieval`, a sentence of the bank goes first.
  DescriptionPipeline(ImageTextEncoder& encoder, const GuidedDecoder& decoder, ScorerProcess* scorer,
                      DescriptionNames names, std::optional<GroundingParts> grounding = std::nullopt,
                      std::optional<RetrievalParts> retrieval = std::nullopt)
      : encoder_(encoder),
        decoder_(decoder),
        scorer_(scorer),
        names_(std::move(names)),
        grounding_(grounding),
        retrieval_(retrieval) {}

  /// The record of `image`, which depends on nothing but the image, the models and the options; an image with
  /// an error, or one for which the output rules leave no description, gives its error record. With
  /// grounding, the description is the guided text if its least supported content word passes, it holds more
  /// than the sentence of facts and has the higher cosine, else that sentence if the rules allow it,
  /// else the statements of the label sets. Throws what ends a run: Error(kModel) of a scorer that fails.
  DescriptionRecord describe(const PreparedImage& image, const SearchObserver& observer = {}) const;
  /// The same for an image whose embedding is known already; the time for that is in its `ms`.
  DescriptionRecord describe(const EncodedImage& image, const SearchObserver& observer = {}) const;

 private:
  Description search(const EncodedImage& image, const Grounding* grounding,
                     const SearchObserver& observer) const;
  void describe_freely(const EncodedImage& image, const SearchObserver& observer,
                       DescriptionRecord& record) const;
  void describe_grounded(const EncodedImage& image, const SearchObserver& observer,
                         DescriptionRecord& record) const;
  /// Fills in the best of the retrieved sentences that the rules allow and, with grounding, all of whose
  /// content words, two at least, are supported: that of the highest sum of its cosine with the image and its
  /// weighted consensus (Devlin et al. 2015, "Exploring Nearest Neighbor Approaches for Image Captioning",
  /// section 3.2). Returns whether there is one.
  bool describe_by_retrieval(const EncodedImage& image, DescriptionRecord& record) const;
  /// Whether the text of `words` and `cosine` holds more than the sentence of facts, and fits the image
  /// better, or there are no facts or the user wants it to hold phrases.
  bool beats_facts(const EncodedImage& image, const ImageFacts& facts, const std::vector<WordEvidence>& words,
                   double cosine) const;
  /// Fills in the description where no guided text is taken.
  void tell_facts(const ImageFacts& facts, DescriptionRecord& record) const;

  ImageTextEncoder& encoder_;
  const GuidedDecoder& decoder_;
  ScorerProcess* scorer_;
  DescriptionNames names_;
  std::optional<GroundingParts> grounding_;
  std::optional<RetrievalParts> retrieval_;
};

}  // namespace kiloword
