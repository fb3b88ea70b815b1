#pragma once

#include "kiloword/pipeline/description_pipeline.h"

namespace kiloword {

/// Fills in the best retrieved sentence: the one with the highest sum of cosine with the image and weighted
/// consensus (Devlin et al. 2015, "Exploring Nearest Neighbor Approaches for Image Captioning", section 3.2)
/// among those that the rules allow. With `facts` (may be null), a sentence must also have at least two
/// content words, each with at least `support`. Returns false if there is none.
bool describe_by_retrieval(const RetrievalParts& retrieval, const EncodedImage& image,
                           const ImageFacts* facts, double support, DescriptionRecord& record);

}  // namespace kiloword
