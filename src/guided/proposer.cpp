#include "guided/proposer.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "guided/sentences.h"
#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword {
namespace {

constexpr int64_t kGroundedReach = 4;

/// The `count` likeliest ids, likeliest first, the lower id first among equals.
std::vector<int32_t> likeliest(const float* logprobs, int64_t vocab, int64_t count) {
  std::vector<int32_t> ids(static_cast<size_t>(vocab));
  std::iota(ids.begin(), ids.end(), 0);
  const auto before = [logprobs](int32_t a, int32_t b) {
    return logprobs[a] != logprobs[b] ? logprobs[a] > logprobs[b] : a < b;
  };
  const auto end = ids.begin() + std::min(count, vocab);
  std::nth_element(ids.begin(), end - 1, ids.end(), before);
  std::sort(ids.begin(), end, before);
  ids.erase(end, ids.end());
  return ids;
}

/// Ids that would repeat a run of `length` ids that `ids` holds from `first` on (Paulus et al. 2017,
/// section 2.5).
std::set<int32_t> repeating(const std::vector<int32_t>& ids, size_t first, int length) {
  std::set<int32_t> found;
  const auto before = static_cast<size_t>(length - 1);
  if (length <= 0 || ids.size() < first + before) return found;
  const auto tail = ids.end() - static_cast<std::ptrdiff_t>(before);
  for (size_t i = first; i + before < ids.size(); ++i) {
    if (std::equal(tail, ids.end(), ids.begin() + static_cast<std::ptrdiff_t>(i))) {
      found.insert(ids[i + before]);
    }
  }
  return found;
}

}  // namespace

Proposer::Proposer(const LanguageModel& model, const TokenTexts& token_texts, const OutputRules& rules,
                   const GuidedOptions& options, const ChatPrompt& prompt, const WordSupport* words)
    : model_(model),
      token_texts_(token_texts),
      rules_(rules),
      options_(options),
      words_(words),
      header_(prompt.header),
      specials_(prompt.header) {
  const auto is_special = [&model](int32_t id) {
    return model.is_end(id) || id == model.tokenizer().start_id();
  };
  while (specials_ < prompt.ids.size() && is_special(prompt.ids[specials_])) ++specials_;
  prompt_text_ = text_of(prompt.ids);
  // In the middle of a text: GPT-2's tokens carry the space in front of a word.
  for (const std::string& phrase : rules.required())
    phrases_.push_back(model.tokenizer().encode(" " + phrase));
}

std::string Proposer::text_of(const std::vector<int32_t>& ids) const {
  return model_.tokenizer().decode({ids.begin() + static_cast<std::ptrdiff_t>(specials_), ids.end()});
}

std::string Proposer::grown(const Hypothesis& parent, int32_t id) const {
  const std::string* addition = token_texts_.addition(id);
  const bool is_clear =
      addition != nullptr && !parent.text.empty() && token_texts_.addition(parent.ids.back()) != nullptr;
  if (is_clear) return parent.text + *addition;
  std::vector<int32_t> ids = parent.ids;
  ids.push_back(id);
  return text_of(ids);
}

size_t Proposer::phrases_in(const Continuation& candidate) const {
  if (rules_.required().empty()) return 0;
  // A phrase at the very end counts, although the next token may still make its last word another.
  const std::vector<bool> included = rules_.included(candidate.text, /*finished=*/true);
  const auto count = static_cast<size_t>(std::count(included.begin(), included.end(), true));
  return std::min(count + (candidate.forced.empty() ? 0 : 1), rules_.required().size());
}

bool Proposer::finish_or_go_on(const Hypothesis& parent, Continuation& candidate) const {
  const auto wrote = [&] { return trimmed(parent.text) != trimmed(prompt_text_); };
  if (model_.is_end(candidate.id)) {
    if (options_.stop == StopRule::kNever || !wrote()) return false;
    candidate.text = parent.text;
    candidate.ends = true;
  } else {
    if (candidate.text == parent.text) return false;  // a control token: it would only use up a step
    if (options_.stop == StopRule::kSentence) {
      const size_t line_end = candidate.text.find('\n', prompt_text_.size());
      if (line_end != std::string::npos) {
        candidate.text.resize(line_end);
        if (trimmed(candidate.text) == trimmed(prompt_text_)) return false;
        candidate.ends = true;
      }
      candidate.ends = candidate.ends || (ends_sentence(candidate.text) && wrote());
    }
  }
  candidate.phrases = phrases_in(candidate);
  return !candidate.ends || (candidate.forced.empty() && candidate.phrases == rules_.required().size());
}

bool Proposer::is_supported(const Continuation& candidate) const {
  if (words_ == nullptr) return true;
  const bool follows_prompt = candidate.text.compare(0, prompt_text_.size(), prompt_text_) == 0;
  return words_->allows(candidate.text.substr(follows_prompt ? prompt_text_.size() : 0), candidate.ends);
}

void Proposer::add(const Hypothesis& parent, size_t index, int32_t id, const float* logprobs,
                   std::vector<int32_t> forced, std::vector<Continuation>& candidates) const {
  Continuation candidate;
  candidate.parent = index;
  candidate.id = id;
  candidate.logprob = logprobs[id];
  candidate.forced = std::move(forced);
  candidate.text = grown(parent, id);
  if (finish_or_go_on(parent, candidate) && rules_.allows(candidate.text) && is_supported(candidate)) {
    candidates.push_back(std::move(candidate));
  }
}

void Proposer::propose(const Hypothesis& parent, size_t index, const float* logprobs, size_t tokens_left,
                       std::vector<Continuation>& candidates) const {
  const auto rest_of = [](const std::vector<int32_t>& ids) {
    return std::vector<int32_t>(ids.begin() + 1, ids.end());
  };
  if (!parent.forced.empty()) {
    add(parent, index, parent.forced.front(), logprobs, rest_of(parent.forced), candidates);
    return;
  }
  const std::set<int32_t> repeats = repeating(parent.ids, header_, options_.no_repeat_ngram);
  // Most of the likeliest words are not supported: the same number is looked for among more of them.
  const int64_t looked_at = options_.candidates * (words_ == nullptr ? int64_t{1} : kGroundedReach);
  const size_t enough = candidates.size() + static_cast<size_t>(options_.candidates);
  for (const int32_t id : likeliest(logprobs, model_.vocab_size(), looked_at)) {
    if (repeats.count(id) == 0) add(parent, index, id, logprobs, {}, candidates);
    if (candidates.size() >= enough) break;
  }
  if (phrases_.empty()) return;
  const std::vector<bool> included = rules_.included(parent.text, /*finished=*/true);
  for (size_t i = 0; i < phrases_.size(); ++i) {
    const bool fits = !phrases_[i].empty() && phrases_[i].size() - 1 <= tokens_left;
    if (fits && !included[i]) {
      add(parent, index, phrases_[i].front(), logprobs, rest_of(phrases_[i]), candidates);
    }
  }
}

}  // namespace kiloword
