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

/// The search for the description of one image. It calls no network itself: guided/search_group advances
/// several searches together, each step by propose(), choose() and go_on().
class Search {
 public:
  /// The cosine of a text with the image.
  using Compare = std::function<double(const std::string& text)>;

  /// Every text begins with `prompt`, without its header. `words` restricts the words after it; null: no
  /// restriction. `prompt_hidden` [T, C] are the language model's hidden states of the prompt, `steps` is the
  /// maximum number of tokens to write. All arguments but the last two must outlive the search.
  Search(const LanguageModel& model, const TokenTexts& token_texts, const OutputRules& rules,
         const GuidedOptions& options, const ChatPrompt& prompt, const WordSupport* words,
         const Valuation& valuation, const SearchObserver& observer, Compare compare,
         const std::vector<float>& prompt_hidden, int64_t steps);

  /// Whether the objective needs the hidden states of all candidates before choose(), not only of the chosen
  /// ones.
  bool keeps_hidden() const;
  /// Whether cosines of all candidates are needed before choose(), not only of the chosen ones before
  /// go_on().
  bool compares_all() const { return observer_ || options_.clip_weight != 0; }

  const std::vector<Hypothesis>& hypotheses() const { return hypotheses_; }
  std::vector<Continuation>& candidates() { return candidates_; }
  Selection& chosen() { return chosen_; }
  /// For each hypothesis, the log-probabilities of the next token, [V].
  std::vector<const float*>& logprobs() { return logprobs_; }

  /// Computes the candidates() of the next step.
  void propose();
  /// Chooses among the candidates. `hidden` [rows, C] contains their hidden states, if keeps_hidden().
  void choose(const std::vector<float>& hidden);
  /// Makes the chosen texts, which the language model has processed, the hypotheses.
  void go_on(const std::vector<float>& hidden);
  /// Whether the search has ended. Reports the previous step to the observer.
  bool is_over();
  /// Call once, at the end. Throws Error(kInput) if the rules allow no text.
  Description result();

 private:
  struct Finished {
    Description description;
    double value = 0;
    bool whole = false;  ///< it ended by the stop rule, not at a limit
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
  const bool only_sentences_;  ///< discard texts that did not end by the stop rule
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
