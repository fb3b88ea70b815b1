#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kiloword/guided/image_scorer.h"
#include "kiloword/model/image_text_encoder.h"
#include "pipeline/text_memo.h"

namespace kiloword {

/// Cosines of growing texts with several images; encodes each distinct text of a call once.
class GroupCosines : public ImageScorer {
 public:
  /// `images`: [1, D] each. All arguments must outlive this object; `memo` may be null.
  GroupCosines(ImageTextEncoder& encoder, std::vector<const Embeddings*> images, TextMemo* memo)
      : encoder_(encoder), images_(std::move(images)), memo_(memo), texts_(encoder.growing_texts()) {}

  std::vector<std::vector<double>> score(const std::vector<std::vector<std::string>>& texts) override;
  double score_alone(size_t image, const std::string& text) override;

 private:
  Embeddings encode(const std::vector<std::string>& texts, IncrementalTextEncoder& encoder);

  ImageTextEncoder& encoder_;
  std::vector<const Embeddings*> images_;
  TextMemo* memo_;
  std::unique_ptr<IncrementalTextEncoder>
      texts_;  // used only for these images: prefixes of others may round differently
};

}  // namespace kiloword
