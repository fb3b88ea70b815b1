#include "kiloword/pipeline/description_pipeline.h"

#include <chrono>
#include <memory>

#include "kiloword/pipeline/sentence.h"
#include "kiloword/scoring/cut_text.h"
#include "kiloword/scoring/similarity.h"

namespace kiloword {
namespace {

/// Cosines of growing texts with one image.
class ImageCosines : public TextScorer {
 public:
  /// `image`: [1, D], must outlive this.
  ImageCosines(ImageTextEncoder& encoder, const Embeddings& image)
      : image_(image), texts_(encoder.growing_texts()) {}

  std::vector<double> score(const std::vector<std::string>& texts) override {
    const std::vector<float> values = cosines(image_.row(0), texts_->encode(texts));
    return {values.begin(), values.end()};
  }

 private:
  const Embeddings& image_;
  std::unique_ptr<GrowingTextEncoder>
      texts_;  // of this image alone: what an earlier one left could round otherwise
};

}  // namespace

DescriptionRecord DescriptionPipeline::describe(const PreparedImage& image,
                                                const SearchObserver& observer) const {
  EncodedImage encoded;
  encoded.image = image;
  encode(encoder_, {&encoded});
  return describe(encoded, observer);
}

DescriptionRecord DescriptionPipeline::describe(const EncodedImage& encoded,
                                                const SearchObserver& observer) const {
  const PreparedImage& image = encoded.image;
  DescriptionRecord record;
  record.path = image.path;
  record.error = image.error;
  if (image.error) return record;
  const auto start = std::chrono::steady_clock::now();
  ImageCosines image_cosines(encoder_, encoded.embedding);
  const std::unique_ptr<TextScorer> scorer = scorer_ == nullptr ? nullptr : scorer_->for_image(image.path);
  try {
    Description description = decoder_.describe(image_cosines, scorer.get(), observer);
    record.description = neutralize(description.text);
    record.cosine = description.cosine;
    record.tokens = std::move(description.tokens);
    record.warnings = cut_text_warnings(encoder_, {description.text});
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInput) throw;
    record.error = error.at(image.path == "-" ? "standard input" : image.path);
    return record;
  }
  record.caption = compose_sentence({record.description});
  record.seed = decoder_.options().seed;
  record.width = image.width;
  record.height = image.height;
  record.model = names_.model;
  record.language_model = names_.language_model;
  record.ms =
      image.ms + std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  return record;
}

}  // namespace kiloword
