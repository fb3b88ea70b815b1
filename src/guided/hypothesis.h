#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kiloword/guided/decoder.h"

namespace kiloword {

/// A text that the search follows.
struct Hypothesis {
  std::vector<int32_t> ids;  ///< the prompt's and those written
  std::string text;          ///< of `ids`
  std::vector<DescribedToken> tokens;
  double logprob = 0;           ///< sum over `tokens`
  double value = 0;             ///< V
  int64_t row = 0;              ///< of the language model's output
  std::vector<int32_t> forced;  ///< tokens that must come next: the rest of a required phrase
  std::vector<float> hidden;    ///< of every token, [T, C]; only where the objective asks for it
};

/// A text with one more token.
struct Continuation {
  size_t parent = 0;  ///< index of the hypothesis
  int32_t id = 0;
  std::string text;
  double logprob = 0;
  double cosine = 0;
  double value = 0;    ///< V
  double drawn = 0;    ///< V, or with a temperature what the draw made of it
  int64_t row = -1;    ///< of the language model's output, once it has seen the token
  size_t phrases = 0;  ///< required phrases in the text or begun
  bool ends = false;   ///< the description is finished with it
  std::vector<int32_t> forced;
};

}  // namespace kiloword
