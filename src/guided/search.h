#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "guided/hypothesis.h"
#include "guided/proposer.h"
#include "guided/selection.h"
#include "guided/valuation.h"

namespace kiloword {

/// One search for the description of one image.
class Search {
 public:
  /// `prompt_ids` are in front of every text; `words` says which words follow it, null: any. All arguments
  /// must outlive the search.
  Search(LanguageModel& model, const OutputRules& rules, const GuidedOptions& options,
         const std::vector<int32_t>& prompt_ids, const WordSupport* words, const Valuation& valuation,
         const SearchObserver& observer);

  /// Searches to the end. Throws Error(kInput) when no text is left that the rules allow.
  Description run();

 private:
  struct Finished {
    Description description;
    double value = 0;
    bool whole = false;  ///< it ended by the stop rule, not because the search had to stop
  };

  bool keeps_hidden() const;
  void take_step(int64_t step);
  const float* logprobs_of(size_t index) const;
  void let_model_see(std::vector<Continuation>& candidates);
  void fill_in_cosines(Selection& selection) const;
  Hypothesis grow(const Continuation& candidate) const;
  void finish(Hypothesis hypothesis, const std::string& text, bool whole);
  void finish_unended(size_t index);
  bool is_complete(const std::string& text) const;
  std::string up_to_whole_word(size_t index) const;
  std::string settled_text() const;
  void observe(int64_t step, const std::vector<Continuation>& candidates) const;
  Description best() const;

  const LanguageModel& model_;
  const OutputRules& rules_;
  const GuidedOptions& options_;
  const Valuation& valuation_;
  const SearchObserver& observer_;
  const bool only_sentences_;  ///< a text that did not end by the stop rule is none
  Proposer proposer_;
  std::unique_ptr<LmSession> session_;
  std::string prompt_text_;
  int64_t steps_;
  std::vector<float> logprobs_;  ///< of the hypotheses' next tokens, [hypotheses, V]
  std::mt19937_64 random_;
  std::vector<Hypothesis> hypotheses_;
  std::vector<Finished> finished_;
};

}  // namespace kiloword
