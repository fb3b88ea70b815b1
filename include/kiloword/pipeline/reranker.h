#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "kiloword/model/image_text_encoder.h"
#include "kiloword/pipeline/prepared_image.h"

namespace kiloword {

/// Compares texts with an image by another network than the one that wrote them, which sees the image in its
/// own way. May be used from several threads where `encoder` may.
class Reranker {
 public:
  /// `encoder` must outlive the reranker; `name`: its model's.
  Reranker(ImageTextEncoder& encoder, std::string name);

  const std::string& name() const { return name_; }
  /// For PrepareOptions::also_for.
  const std::shared_ptr<const PreprocessSpec>& spec() const { return spec_; }
  /// The cosine of each of `texts` with `image`, which has been prepared for spec() too:
  /// PreparedImage::other. Of a video, with the mean of its frames.
  std::vector<double> cosines(const PreparedImage& image, const std::vector<std::string>& texts) const;

 private:
  ImageTextEncoder& encoder_;
  std::string name_;
  std::shared_ptr<const PreprocessSpec> spec_;
};

}  // namespace kiloword
