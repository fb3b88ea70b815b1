#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kiloword/guided/decoder.h"

namespace kiloword {

/// A live text of the search.
struct Hypothesis {
  std::vector<int32_t> ids;  ///< of the prompt and the text
  std::string text;          ///< of `ids`
  std::vector<DescribedToken> tokens;
  double logprob = 0;           ///< sum over `tokens`
  double value = 0;             ///< V
  int64_t row = 0;              ///< of the language model's output
  std::vector<int32_t> forced;  ///< the next tokens: the rest of a required phrase
  std::vector<float> hidden;    ///< of every token, [T, C]; only if the objective needs it
};

/// A text with one more token.
struct Continuation {
  size_t parent = 0;  ///< index of the hypothesis
  int32_t id = 0;
  std::string text;
  double logprob = 0;
  double cosine = 0;
  double value = 0;    ///< V
  double drawn = 0;    ///< V or, with a temperature, V / T + noise
  int64_t row = -1;    ///< of the language model's output, once computed
  size_t phrases = 0;  ///< required phrases contained or begun
  bool ends = false;   ///< it finishes the description
  std::vector<int32_t> forced;
};

}  // namespace kiloword
