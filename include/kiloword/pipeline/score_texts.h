#pragma once

#include <string>
#include <vector>

#include "kiloword/decision/ranking.h"
#include "kiloword/pipeline/record.h"

namespace kiloword {

/// Each of `texts` with its cosine (of `text_cosines`, in the same order) and its probability: with a softmax
/// its share among all of them.
std::vector<TextScore> score_texts(const std::vector<std::string>& texts, std::vector<float> text_cosines,
                                   const LogitRule& logits);

}  // namespace kiloword
