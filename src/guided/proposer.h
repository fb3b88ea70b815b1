#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "guided/hypothesis.h"
#include "guided/token_texts.h"
#include "kiloword/guided/output_rules.h"
#include "kiloword/guided/word_support.h"

namespace kiloword {

/// Proposes next tokens: the language model's most likely ones, except those that would break a rule, and the
/// first tokens of required phrases.
class Proposer {
 public:
  /// All arguments must outlive the proposer. `words` restricts the words after the prompt; null: no
  /// restriction.
  Proposer(const LanguageModel& model, const TokenTexts& token_texts, const OutputRules& rules,
           const GuidedOptions& options, const ChatPrompt& prompt, const WordSupport* words);

  /// The text of `ids`, without start tokens and chat header.
  std::string text_of(const std::vector<int32_t>& ids) const;

  /// Adds every allowed continuation of `parent` (`index` among the hypotheses) by one token, most likely
  /// first. `logprobs` [V] are those of the next token. `tokens_left` tokens may follow that token; a phrase
  /// that needs more does not begin.
  void propose(const Hypothesis& parent, size_t index, const float* logprobs, size_t tokens_left,
               std::vector<Continuation>& candidates) const;

 private:
  /// The text of `parent` followed by `id`.
  std::string grown(const Hypothesis& parent, int32_t id) const;
  void add(const Hypothesis& parent, size_t index, int32_t id, const float* logprobs,
           std::vector<int32_t> forced, std::vector<Continuation>& candidates) const;
  bool finish_or_go_on(const Hypothesis& parent, Continuation& candidate) const;
  size_t phrases_in(const Continuation& candidate) const;
  bool is_supported(const Continuation& candidate) const;

  const LanguageModel& model_;
  const TokenTexts& token_texts_;
  const OutputRules& rules_;
  const GuidedOptions& options_;
  const WordSupport* words_;
  size_t header_;    ///< number of chat ids before the prompt
  size_t specials_;  ///< number of ids before the prompt's text: start tokens and chat
  std::string prompt_text_;
  std::vector<std::vector<int32_t>> phrases_;  ///< required phrases as tokens
};

}  // namespace kiloword
