#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kiloword/guided/beam_search.h"

namespace kiloword {

/// One search for descriptions of one image.
class BeamSearch::Run {
 public:
  Run(const BeamSearch& search, const SearchObserver& observer, const Compare& compare)
      : search_(search), observer_(observer), compare_(compare) {}

  std::vector<Description> run(const float* image);

 private:
  /// A live text.
  struct Beam {
    std::vector<int32_t> ids;  ///< without the start token
    std::vector<double> logprobs;
    float sum = 0;                ///< of logits
    size_t phrases = 0;           ///< required phrases contained or begun
    std::vector<int32_t> forced;  ///< the next tokens: the rest of a required phrase
  };

  /// A text with one more token.
  struct Candidate {
    size_t parent = 0;
    int32_t id = 0;
    double logprob = 0;
    float sum = 0;
    size_t phrases = 0;
    std::vector<int32_t> forced;
  };

  /// A finished text.
  struct Finished {
    double value = 0;
    Beam beam;
  };

  size_t beam_count() const { return static_cast<size_t>(search_.options_.beams); }
  /// Number of tokens of the live texts, including the start token.
  size_t length() const { return beams_.front().ids.size() + 1; }
  std::string text_of(const std::vector<int32_t>& ids) const;
  std::vector<Candidate> propose(const std::vector<float>& logits) const;
  void propose(size_t parent, const float* logits, std::vector<Candidate>& candidates) const;
  /// Adds the candidate if the rules allow it.
  bool add(size_t parent, int32_t id, const float* logits, double total, std::vector<int32_t> forced,
           std::vector<Candidate>& candidates) const;
  /// Sorts the candidates into ended texts and the next beams; returns the latter's parents and tokens.
  std::vector<Candidate> choose(const std::vector<Candidate>& candidates);
  void go_on(const std::vector<Candidate>& chosen);
  void finish(const Beam& beam, size_t length);
  bool is_done(const std::vector<Candidate>& candidates, size_t length) const;
  Description description_of(const Beam& beam) const;
  void observe(int step, const std::vector<Candidate>& candidates) const;
  std::string settled_text() const;

  const BeamSearch& search_;
  const SearchObserver& observer_;
  const Compare& compare_;
  std::vector<Beam> beams_{Beam()};
  std::vector<Finished> finished_;
  double worst_ = 1e9;
};

}  // namespace kiloword
