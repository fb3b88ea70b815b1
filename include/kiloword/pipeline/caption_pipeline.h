#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kiloword/decision/ranking.h"
#include "kiloword/model/image_text_encoder.h"
#include "kiloword/pipeline/encoded_image.h"
#include "kiloword/pipeline/prepared_image.h"
#include "kiloword/pipeline/record.h"
#include "kiloword/pipeline/statement_choices.h"
#include "kiloword/scoring/label_bank.h"

namespace kiloword {

/// The handling of a statement that rests only on words in the image: the set's best label is
/// another one where they are painted over.
enum class TypographicPolicy {
  kOff,   ///< selected like any other
  kFlag,  ///< flagged in the record
  kDrop,  ///< the set is scored on the image without the words
};

/// The rule called "off", "flag" or "drop". Throws Error(kUsage) for another name.
TypographicPolicy typographic_rule(const std::string& name);

struct CaptionPipelineOptions {
  RankOptions rank;                                         ///< its logits are taken from the encoder
  std::string author;                                       ///< prefix `NAME: `; empty: none
  std::string model_name;                                   ///< for the records
  TypographicPolicy typographic = TypographicPolicy::kOff;  ///< the others need images painted over as well
  std::shared_ptr<const TextReader> reader =
      nullptr;                ///< reads the words written in images; none: nothing is read
  FrameChoice frames;         ///< of videos, and of animations on request
  size_t explain_labels = 0;  ///< best labels of each set that the record explains; 0: no explanation
};

/// Image to record: embedding, cosines, ranked statements, sentence.
class CaptionPipeline {
 public:
  /// `encoder` and `bank` must outlive the captioner.
  CaptionPipeline(ImageTextEncoder& encoder, const LabelBank& bank, CaptionPipelineOptions options);

  /// The record of `image`; an image with an error gives its error record.
  CaptionRecord caption(const PreparedImage& image) const;

  /// How images are to be prepared for this captioner.
  PrepareOptions prepare_options() const {
    return {options_.typographic != TypographicPolicy::kOff, options_.reader, true, options_.frames};
  }

  /// The records of `images`, in their order, with one call of the encoder. A record does not depend on which
  /// images share the call. May be called from several threads at the same time.
  std::vector<CaptionRecord> captions(std::vector<PreparedImage> images) const;

  /// The record of `image`, whose embeddings are known already; the time for them is in its `ms`.
  CaptionRecord caption(const EncodedImage& image) const;

  /// Changes whenever a record may change: models, label sets, options, and how images are decoded. 16
  /// digits.
  std::string fingerprint(const DecodeLimits& limits) const;

 private:
  /// `without_text`: the scores of the image without its words; empty: there are none.
  CaptionRecord record_of(const PreparedImage& image, std::vector<SetScores> scores,
                          const std::vector<SetScores>& without_text) const;
  /// The statements about a frame of these scores.
  std::vector<StatementRecord> statements_said(std::vector<SetScores> scores) const;
  void explain(const std::vector<SetScores>& scores, const std::vector<Candidate>& candidates,
               CaptionRecord& record) const;

  ImageTextEncoder& encoder_;
  const LabelBank& bank_;
  std::vector<SelectionRules> rules_;
  std::vector<std::string> set_names_;
  std::vector<std::string> warnings_;
  CaptionPipelineOptions options_;
};

/// The reader of words in images that `choices` select; null if they are not read. Throws Error(kUsage) for
/// an unknown mode.
std::shared_ptr<const TextReader> text_reader(const StatementChoices& choices);

/// The options of `choices` for a captioner with the model called `model_name`. Throws Error(kUsage) for an
/// unknown rank.
CaptionPipelineOptions caption_pipeline_options(const StatementChoices& choices,
                                                const std::string& model_name);

}  // namespace kiloword
