#include "guided/search.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "guided/sentences.h"
#include "kiloword/base/error.h"

namespace kiloword {
namespace {

constexpr size_t kViewedCandidates = 5;

std::string added_text(const std::string& before, const std::string& after) {
  return after.compare(0, before.size(), before) == 0 ? after.substr(before.size()) : after;
}

}  // namespace

Search::Search(const LanguageModel& model, const TokenTexts& token_texts, const OutputRules& rules,
               const GuidedOptions& options, const ChatPrompt& prompt, const WordSupport* words,
               const Valuation& valuation, const SearchObserver& observer, Compare compare,
               const std::vector<float>& prompt_hidden, int64_t steps)
    : model_(model),
      rules_(rules),
      options_(options),
      valuation_(valuation),
      observer_(observer),
      only_sentences_(words != nullptr),
      proposer_(model, token_texts, rules, options, prompt, words),
      compare_(std::move(compare)),
      prompt_text_(proposer_.text_of(prompt.ids)),
      steps_(steps),
      random_(options.seed) {
  Hypothesis start;
  start.ids = prompt.ids;
  start.text = prompt_text_;
  if (keeps_hidden()) start.hidden = prompt_hidden;
  hypotheses_.push_back(std::move(start));
}

bool Search::keeps_hidden() const {
  return options_.objective == Objective::kMagic && options_.degeneration_penalty > 0;
}

void Search::propose() {
  ++step_;
  candidates_.clear();
  for (size_t i = 0; i < hypotheses_.size(); ++i) {
    const size_t before = candidates_.size();
    proposer_.propose(hypotheses_[i], i, logprobs_[i], static_cast<size_t>(steps_ - step_), candidates_);
    if (candidates_.size() == before) finish_unended(i);
  }
}

void Search::choose(const std::vector<float>& hidden) {
  valuation_.value(hypotheses_, hidden, candidates_);
  chosen_ = select(candidates_, options_.beams, options_.temperature, random_);
}

void Search::go_on(const std::vector<float>& hidden) {
  for (const Continuation& ended : chosen_.ended) {
    finish(grow(ended, hidden), trimmed(ended.text), /*whole=*/true);
  }
  std::vector<Hypothesis> next;
  next.reserve(chosen_.going_on.size());
  for (const Continuation& candidate : chosen_.going_on) next.push_back(grow(candidate, hidden));
  hypotheses_ = std::move(next);
}

bool Search::is_over() {
  if (observer_) observe();
  const auto whole = std::count_if(finished_.begin(), finished_.end(), [](const auto& f) { return f.whole; });
  return step_ >= steps_ || hypotheses_.empty() || whole >= options_.beams;
}

Description Search::result() {
  for (size_t i = 0; i < hypotheses_.size(); ++i) finish_unended(i);
  return best();
}

Hypothesis Search::grow(const Continuation& candidate, const std::vector<float>& hidden) const {
  const Hypothesis& parent = hypotheses_[candidate.parent];
  Hypothesis next;
  next.ids = parent.ids;
  next.ids.push_back(candidate.id);
  next.text = candidate.text;
  next.tokens = parent.tokens;
  next.tokens.push_back(
      {candidate.id, added_text(parent.text, candidate.text), candidate.logprob, candidate.cosine});
  next.logprob = parent.logprob + candidate.logprob;
  next.value = candidate.value;
  next.row = candidate.row;
  next.forced = candidate.forced;
  if (keeps_hidden()) {
    const float* own = hidden.data() + candidate.row * model_.width();
    next.hidden = parent.hidden;
    next.hidden.insert(next.hidden.end(), own, own + model_.width());
  }
  return next;
}

void Search::finish(Hypothesis hypothesis, const std::string& text, bool whole) {
  Finished finished;
  finished.description.text = text;
  finished.description.cosine = text == trimmed(hypothesis.text) && !hypothesis.tokens.empty()
                                    ? hypothesis.tokens.back().cosine
                                    : compare_(text);
  finished.description.tokens = std::move(hypothesis.tokens);
  finished.value = hypothesis.value;
  finished.whole = whole;
  finished_.push_back(std::move(finished));
}

bool Search::is_complete(const std::string& text) const {
  const std::vector<bool> included = rules_.included(text, /*finished=*/true);
  return std::find(included.begin(), included.end(), false) == included.end();
}

void Search::finish_unended(size_t index) {
  if (only_sentences_) return;
  const Hypothesis& hypothesis = hypotheses_[index];
  const bool has_all_tokens = hypothesis.tokens.size() == static_cast<size_t>(steps_);
  std::string text = trimmed(hypothesis.text);
  if (options_.stop != StopRule::kNever || !has_all_tokens) {
    const std::string shorter = up_to_whole_word(index);
    if (is_complete(shorter)) text = shorter;
  }
  if (!hypothesis.tokens.empty() && is_complete(text)) finish(hypothesis, text, /*whole=*/false);
}

/// The text without a last word that the language model would go on with, unless nothing is left then.
std::string Search::up_to_whole_word(size_t index) const {
  const Hypothesis& hypothesis = hypotheses_[index];
  const float* logprobs = logprobs_[index];
  const auto likeliest =
      static_cast<int32_t>(std::max_element(logprobs, logprobs + model_.vocab_size()) - logprobs);
  std::vector<int32_t> ids = hypothesis.ids;
  ids.push_back(likeliest);
  if (model_.is_end(likeliest) || keeps_last_word(hypothesis.text, proposer_.text_of(ids))) {
    return trimmed(hypothesis.text);
  }
  const std::string shorter = without_last_word(hypothesis.text);
  return shorter.size() > trimmed(prompt_text_).size() ? shorter : trimmed(hypothesis.text);
}

std::string Search::settled_text() const {
  std::vector<std::string_view> texts;
  for (const Hypothesis& hypothesis : hypotheses_) texts.emplace_back(hypothesis.text);
  for (const Finished& finished : finished_) texts.emplace_back(finished.description.text);
  return common_start(texts);
}

void Search::observe() const {
  SearchView view;
  view.step = static_cast<int>(step_);
  if (!hypotheses_.empty()) {
    view.text = hypotheses_.front().text;
  } else if (!finished_.empty()) {
    view.text = best().text;
  }
  view.settled = settled_text();
  for (size_t i = 0; i < std::min(candidates_.size(), kViewedCandidates); ++i) {
    view.candidates.push_back(
        {candidates_[i].text, candidates_[i].logprob, candidates_[i].cosine, candidates_[i].value});
  }
  observer_(view);
}

Description Search::best() const {
  const bool any_whole =
      std::any_of(finished_.begin(), finished_.end(), [](const Finished& f) { return f.whole; });
  const auto merit = [this](const Finished& finished) {
    if (options_.clip_weight != 0) return finished.description.cosine;
    const auto length = static_cast<double>(finished.description.tokens.size());
    return finished.value / std::pow((5 + length) / 6, options_.length_exponent);
  };
  const Finished* best = nullptr;
  for (const Finished& finished : finished_) {
    if (finished.whole == any_whole && (best == nullptr || merit(finished) > merit(*best))) best = &finished;
  }
  if (best == nullptr) {
    throw Error(ErrorKind::kInput, "no description is left that the output rules allow", "",
                "relax --avoid, --must-include or --max-chars, or raise --candidates or --tokens");
  }
  return best->description;
}

}  // namespace kiloword
