#include "kiloword/pipeline/score_texts.h"

#include <utility>

namespace kiloword {

std::vector<TextScore> score_texts(const std::vector<std::string>& texts, std::vector<float> text_cosines,
                                   const LogitRule& logits) {
  std::vector<TextScore> scores(texts.size());
  for (const ScoredLabel& scored : top_labels({std::move(text_cosines), {}}, logits, texts.size())) {
    scores[scored.label] = {texts[scored.label], scored.cosine, scored.probability};
  }
  return scores;
}

}  // namespace kiloword
