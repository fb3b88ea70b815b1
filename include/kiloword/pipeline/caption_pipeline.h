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

/// How to treat a statement that depends on text in the image: the set's best label changes if the text is
/// painted over.
enum class TypographicPolicy {
  kOff,   ///< selected like any other
  kFlag,  ///< flagged in the record
  kDrop,  ///< the set is scored on the image without the text
};

/// The policy called "off", "flag" or "drop". Throws Error(kUsage) for other names.
TypographicPolicy typographic_rule(const std::string& name);

struct CaptionPipelineOptions {
  RankOptions rank;                                         ///< its logits are taken from the encoder
  std::string author;                                       ///< prefix `NAME: `; empty: none
  std::string model_name;                                   ///< for the records
  TypographicPolicy typographic = TypographicPolicy::kOff;  ///< others need painted-over images too
  std::shared_ptr<const TextReader> reader = nullptr;       ///< reads text in images; null: text is not read
  FrameChoice frames;                                       ///< of videos and, on request, of animations
  size_t explain_labels = 0;  ///< best labels per set to explain in the record; 0: none
};

/// Image to record: embedding, cosines, ranked statements, sentence.
class CaptionPipeline {
 public:
  /// `encoder` and `bank` must outlive the pipeline.
  CaptionPipeline(ImageTextEncoder& encoder, const LabelBank& bank, CaptionPipelineOptions options);

  /// The record of `image`; an image with an error gives its error record.
  CaptionRecord caption(const PreparedImage& image) const;

  /// How to prepare images for this pipeline.
  PrepareOptions prepare_options() const {
    return {options_.typographic != TypographicPolicy::kOff, options_.reader, true, options_.frames};
  }

  /// The records of `images`, in order, computed in one encoder call. A record does not depend on the other
  /// images of the call. Thread-safe.
  std::vector<CaptionRecord> captions(std::vector<PreparedImage> images) const;

  /// The record of `image`, which is already encoded; its `ms` includes the time for that.
  CaptionRecord caption(const EncodedImage& image) const;

  /// Changes whenever a record may change: models, label sets, options, and how images are decoded. 16
  /// digits.
  std::string fingerprint(const DecodeLimits& limits) const;

 private:
  /// `without_text`: the scores of the image with its text painted over; empty if there is no text.
  CaptionRecord record_of(const PreparedImage& image, std::vector<SetScores> scores,
                          const std::vector<SetScores>& without_text) const;
  /// The selected statements for the scores of one frame.
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

/// The text reader that `choices` ask for; null if text is not read. Throws Error(kUsage) for an unknown
/// mode.
std::shared_ptr<const TextReader> text_reader(const StatementChoices& choices);

/// The pipeline options of `choices` for the model called `model_name`. Throws Error(kUsage) for an unknown
/// rank.
CaptionPipelineOptions caption_pipeline_options(const StatementChoices& choices,
                                                const std::string& model_name);

}  // namespace kiloword
