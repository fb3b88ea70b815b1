#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "guided/search.h"
#include "kiloword/guided/image_scorer.h"
#include "kiloword/model/language_model.h"

namespace kiloword {

/// Searches that advance step by step together: each step is one call of the language model for all their
/// texts, and one of the text tower for all their candidates. Texts that searches have in common are computed
/// once. All searches begin with the same prompt, so all texts of a step have the same length.
class SearchGroup {
 public:
  /// All arguments must outlive this object.
  SearchGroup(LmSession& session, int64_t vocab_size, ImageScorer& cosines)
      : session_(session), vocab_size_(vocab_size), cosines_(cosines) {}

  /// Runs new `searches` to their ends; searches[i] is for image i of `cosines`. All must have the same
  /// options.
  std::vector<GuidedResult> run(const std::vector<std::unique_ptr<Search>>& searches);

 private:
  struct Member {
    Search* search;
    size_t image;
  };

  void take_step(const std::vector<Member>& members);
  /// Extends the language model's session by the candidates that `candidates_of` returns, and sets their
  /// rows.
  template <typename CandidatesOf>
  void show(const std::vector<Member>& members, CandidatesOf candidates_of);
  /// Sets the cosines of the candidates that `candidates_of` returns.
  template <typename CandidatesOf>
  void compare(const std::vector<Member>& members, CandidatesOf candidates_of);
  /// Gives every search the log-probabilities of the tokens after its hypotheses.
  void read_logprobs(const std::vector<Member>& members);

  LmSession& session_;
  int64_t vocab_size_;
  ImageScorer& cosines_;
  size_t images_ = 0;
  std::vector<float> logprobs_;  ///< [rows, V]
};

}  // namespace kiloword
