#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "kiloword/model/image_text_encoder.h"
#include "kiloword/pipeline/prepared_image.h"

namespace kiloword {

/// Compares texts with an image using a different network than the one that wrote them, with its own
/// preprocessing. Thread-safe if `encoder` is.
class Reranker {
 public:
  /// `encoder` must outlive the reranker; `name` is its model's name.
  Reranker(ImageTextEncoder& encoder, std::string name);

  const std::string& name() const { return name_; }
  /// For PrepareOptions::also_for.
  const std::shared_ptr<const PreprocessSpec>& spec() const { return spec_; }
  /// The cosine of each of `texts` with `image`, which must also have been prepared for spec()
  /// (PreparedImage::other); for a video, with the mean of its frames. Throws Error(kInternal) otherwise.
  std::vector<double> cosines(const PreparedImage& image, const std::vector<std::string>& texts) const;

 private:
  ImageTextEncoder& encoder_;
  std::string name_;
  std::shared_ptr<const PreprocessSpec> spec_;
};

}  // namespace kiloword
