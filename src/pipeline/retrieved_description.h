#pragma once

#include "kiloword/pipeline/description_pipeline.h"

namespace kiloword {

/// Fills in the best of the retrieved sentences that the rules allow and, with `facts` (may be null), all of
/// whose content words, two at least, have this `support`: that of the highest sum of its
/// cosine with the image and its weighted consensus (Devlin et al. 2015, "Exploring Nearest Neighbor
/// Approaches for Image Captioning", section 3.2). Returns whether there is one.
bool describe_by_retrieval(const RetrievalParts& retrieval, const EncodedImage& image,
                           const ImageFacts* facts, double support, DescriptionRecord& record);

}  // namespace kiloword
