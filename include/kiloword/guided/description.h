#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace kiloword {

/// A token of a description.
struct DescribedToken {
  int32_t id = 0;
  std::string text;    ///< added by the token
  double logprob = 0;  ///< nats, of the language model alone
  double cosine = 0;   ///< of the text up to here with the image
};

/// A finished description.
struct Description {
  std::string text;   ///< prompt included
  double cosine = 0;  ///< of `text` with the image
  std::vector<DescribedToken> tokens;
};

/// A candidate for the next token.
struct ViewedCandidate {
  std::string text;  ///< with the token
  double logprob = 0;
  double cosine = 0;
  double value = 0;
};

/// The search after one more token.
struct SearchView {
  int step = 0;                             ///< tokens written
  std::string text;                         ///< of the best description so far
  std::string settled;                      ///< the common prefix of all live and ended beams
  std::vector<ViewedCandidate> candidates;  ///< the best of this step, best first
};
using SearchObserver = std::function<void(const SearchView&)>;

}  // namespace kiloword
