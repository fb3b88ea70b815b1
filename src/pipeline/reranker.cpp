#include "kiloword/pipeline/reranker.h"

#include "kiloword/base/error.h"
#include "kiloword/pipeline/encoded_image.h"
#include "kiloword/scoring/similarity.h"

namespace kiloword {

Reranker::Reranker(ImageTextEncoder& encoder, std::string name)
    : encoder_(encoder),
      name_(std::move(name)),
      spec_(std::make_shared<const PreprocessSpec>(encoder.preprocess())) {}

std::vector<double> Reranker::cosines(const PreparedImage& image,
                                      const std::vector<std::string>& texts) const {
  if (image.other == nullptr)
    throw Error(ErrorKind::kInternal, "an image that was not prepared for the reranker", image.path);
  EncodedImage encoded;
  encoded.image = *image.other;
  encode(encoder_, {&encoded});
  const std::vector<float> found = kiloword::cosines(encoded.embedding.row(0), encoder_.encode_texts(texts));
  return {found.begin(), found.end()};
}

}  // namespace kiloword
