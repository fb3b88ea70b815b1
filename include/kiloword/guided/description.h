#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace kiloword {

/// A token of a description.
struct DescribedToken {
  int32_t id = 0;
  std::string text;    ///< that the token adds
  double logprob = 0;  ///< nats, of the language model alone
  double cosine = 0;   ///< of the image with the text up to this token
};

/// A finished description.
struct Description {
  std::string text;   ///< including the prompt
  double cosine = 0;  ///< of `text` with the image
  std::vector<DescribedToken> tokens;
};

/// A candidate for the next token.
struct ViewedCandidate {
  std::string text;  ///< including the token
  double logprob = 0;
  double cosine = 0;
  double value = 0;
};

/// The state of the search after each token.
struct SearchView {
  int step = 0;                             ///< tokens written
  std::string text;                         ///< of the best description so far
  std::string settled;                      ///< the common prefix of all live and ended beams
  std::vector<ViewedCandidate> candidates;  ///< the best of this step, best first
};
using SearchObserver = std::function<void(const SearchView&)>;

}  // namespace kiloword
