#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "guided/search.h"
#include "kiloword/guided/image_scorer.h"
#include "kiloword/model/language_model.h"

namespace kiloword {

/// Searches that go step by step together: a step is one call of the language model for the texts of all of
/// them, and one of the text tower for their candidates. What several searches write is computed once. All
/// begin with the same prompt, so that all texts of a step are equally long.
class SearchGroup {
 public:
  /// All arguments must outlive this.
  SearchGroup(LmSession& session, int64_t vocab_size, ImageScorer& cosines)
      : session_(session), vocab_size_(vocab_size), cosines_(cosines) {}

  /// Takes `searches`, none of which has begun, to their ends; searches[i] is about image i of `cosines`. All
  /// have the same options.
  std::vector<GuidedResult> run(const std::vector<std::unique_ptr<Search>>& searches);

 private:
  struct Member {
    Search* search;
    size_t image;
  };

  void take_step(const std::vector<Member>& members);
  /// The language model sees what is behind `candidates_of`, which get their rows of its output.
  template <typename CandidatesOf>
  void show(const std::vector<Member>& members, CandidatesOf candidates_of);
  /// What is behind `candidates_of` gets its cosines.
  template <typename CandidatesOf>
  void compare(const std::vector<Member>& members, CandidatesOf candidates_of);
  /// Gives every search the log-probabilities of what may follow its hypotheses.
  void read_logprobs(const std::vector<Member>& members);

  LmSession& session_;
  int64_t vocab_size_;
  ImageScorer& cosines_;
  size_t images_ = 0;
  std::vector<float> logprobs_;  ///< [rows, V]
};

}  // namespace kiloword
