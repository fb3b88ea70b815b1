#pragma once

#include <string>
#include <vector>

#include "kiloword/decision/ranking.h"
#include "kiloword/pipeline/record.h"

namespace kiloword {

/// Each of `texts` with its cosine, from `text_cosines` in the same order, and its probability by `logits`; a
/// softmax is over all of them.
std::vector<TextScore> score_texts(const std::vector<std::string>& texts, std::vector<float> text_cosines,
                                   const LogitRule& logits);

}  // namespace kiloword
