#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "guided/hypothesis.h"
#include "guided/proposer.h"
#include "guided/selection.h"
#include "guided/valuation.h"
#include "kiloword/guided/decoder.h"

namespace kiloword {

/// One search for the description of one image. It asks no network itself: guided/search_group steps several
/// searches at once, each step through all of propose(), choose() and go_on().
class Search {
 public:
  /// The cosine of a text with the image.
  using Compare = std::function<double(const std::string& text)>;

  /// `prompt` is in front of every text, its header not as a part of it; `words` says which words follow it,
  /// null: any. `prompt_hidden` [T, C] are the language model's hidden states of the prompt, `steps` the
  /// tokens to write at most. All arguments but the last two must outlive the search.
  Search(const LanguageModel& model, const TokenTexts& token_texts, const OutputRules& rules,
         const GuidedOptions& options, const ChatPrompt& prompt, const WordSupport* words,
         const Valuation& valuation, const SearchObserver& observer, Compare compare,
         const std::vector<float>& prompt_hidden, int64_t steps);

  /// Whether the objective asks for the hidden states of all candidates, before choose(); else of the chosen.
  bool keeps_hidden() const;
  /// Whether it asks for the cosines of all candidates, before choose(); else of the chosen, before go_on().
  bool compares_all() const { return observer_ || options_.clip_weight != 0; }

  const std::vector<Hypothesis>& hypotheses() const { return hypotheses_; }
  std::vector<Continuation>& candidates() { return candidates_; }
  Selection& chosen() { return chosen_; }
  /// Where the log-probabilities of the tokens behind each hypothesis are, [V] each.
  std::vector<const float*>& logprobs() { return logprobs_; }

  /// Makes the candidates() of the next step.
  void propose();
  /// Chooses among them. `hidden` [rows, C] has their hidden states at their rows, where they were asked for.
  void choose(const std::vector<float>& hidden);
  /// The chosen texts, which the language model has seen, become the hypotheses.
  void go_on(const std::vector<float>& hidden);
  /// Whether there is no further step. Tells the observer of the one before.
  bool is_over();
  /// To be called once at the end. Throws Error(kInput) when no text is left that the rules allow.
  Description result();

 private:
  struct Finished {
    Description description;
    double value = 0;
    bool whole = false;  ///< it ended by the stop rule, not because the search had to stop
  };

  Hypothesis grow(const Continuation& candidate, const std::vector<float>& hidden) const;
  void finish(Hypothesis hypothesis, const std::string& text, bool whole);
  void finish_unended(size_t index);
  bool is_complete(const std::string& text) const;
  std::string up_to_whole_word(size_t index) const;
  std::string settled_text() const;
  void observe() const;
  Description best() const;

  const LanguageModel& model_;
  const OutputRules& rules_;
  const GuidedOptions& options_;
  const Valuation& valuation_;
  const SearchObserver& observer_;
  const bool only_sentences_;  ///< a text that did not end by the stop rule is none
  Proposer proposer_;
  Compare compare_;
  std::string prompt_text_;
  int64_t steps_;
  int64_t step_ = 0;
  std::mt19937_64 random_;
  std::vector<const float*> logprobs_;
  std::vector<Hypothesis> hypotheses_;
  std::vector<Continuation> candidates_;
  Selection chosen_;
  std::vector<Finished> finished_;
};

}  // namespace kiloword
