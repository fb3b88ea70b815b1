#pragma once

#include <string>

#include "kiloword/guided/decoder.h"
#include "kiloword/guided/scorer_process.h"
#include "kiloword/model/image_text_encoder.h"
#include "kiloword/pipeline/encoded_image.h"
#include "kiloword/pipeline/prepared_image.h"
#include "kiloword/pipeline/record.h"

namespace kiloword {

/// What the records of descriptions call the models.
struct DescriptionNames {
  std::string model;
  std::string language_model;
};

/// Image to record: embedding, guided search, description.
class DescriptionPipeline {
 public:
  /// `encoder`, `decoder` and `scorer` (or null) must outlive the describer.
  DescriptionPipeline(ImageTextEncoder& encoder, const GuidedDecoder& decoder, ScorerProcess* scorer,
                      DescriptionNames names)
      : encoder_(encoder), decoder_(decoder), scorer_(scorer), names_(std::move(names)) {}

  /// The record of `image`, which depends on nothing but the image, the models and the options; an image with
  /// an error, or one for which the output rules leave no description, gives its error record. Throws what
  /// ends a run: Error(kModel) of a scorer that fails.
  DescriptionRecord describe(const PreparedImage& image, const SearchObserver& observer = {}) const;
  /// The same for an image whose embedding is known already; the time for that is in its `ms`.
  DescriptionRecord describe(const EncodedImage& image, const SearchObserver& observer = {}) const;

 private:
  ImageTextEncoder& encoder_;
  const GuidedDecoder& decoder_;
  ScorerProcess* scorer_;
  DescriptionNames names_;
};

}  // namespace kiloword
