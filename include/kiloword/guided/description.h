#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace kiloword {

/// A token of a description.
struct DescribedToken {
  int32_t id = 0;
  std::string text;    ///< what it added
  double logprob = 0;  ///< nats, by the language model alone
  double cosine = 0;   ///< of the text up to here with the image
};

/// A finished description.
struct Description {
  std::string text;   ///< prompt included
  double cosine = 0;  ///< of `text` with the image
  std::vector<DescribedToken> tokens;
};

/// A next token as it was valued.
struct ViewedCandidate {
  std::string text;  ///< with it
  double logprob = 0;
  double cosine = 0;
  double value = 0;
};

/// The search after one more token.
struct SearchView {
  int step = 0;                             ///< tokens written
  std::string text;                         ///< of the best description so far
  std::string settled;                      ///< what all that are still followed, or ended, begin with
  std::vector<ViewedCandidate> candidates;  ///< the best of this step, best first
};
using SearchObserver = std::function<void(const SearchView&)>;

}  // namespace kiloword
