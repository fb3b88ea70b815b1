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

Search::Search(LanguageModel& model, const OutputRules& rules, const GuidedOptions& options,
               const std::vector<int32_t>& prompt_ids, const WordSupport* words, const Valuation& valuation,
               const SearchObserver& observer)
    : model_(model),
      rules_(rules),
      options_(options),
      valuation_(valuation),
      observer_(observer),
      only_sentences_(words != nullptr),
      proposer_(model, rules, options, prompt_ids, words),
      session_(model.start(prompt_ids)),
      prompt_text_(proposer_.text_of(prompt_ids)),
      steps_(std::min<int64_t>(options.tokens,
                               model.context_length() - static_cast<int64_t>(prompt_ids.size()))),
      random_(options.seed) {
  Hypothesis start;
  start.ids = prompt_ids;
  start.text = prompt_text_;
  if (keeps_hidden()) start.hidden = session_->prompt_hidden();
  hypotheses_.push_back(std::move(start));
  logprobs_ = session_->logprobs({0});
}

bool Search::keeps_hidden() const {
  return options_.objective == Objective::kMagic && options_.degeneration_penalty > 0;
}

Description Search::run() {
  for (int64_t step = 1; step <= steps_ && !hypotheses_.empty(); ++step) {
    take_step(step);
    const auto whole =
        std::count_if(finished_.begin(), finished_.end(), [](const auto& f) { return f.whole; });
    if (whole >= options_.beams) break;
  }
  for (size_t i = 0; i < hypotheses_.size(); ++i) finish_unended(i);
  return best();
}

void Search::take_step(int64_t step) {
  std::vector<Continuation> candidates;
  for (size_t i = 0; i < hypotheses_.size(); ++i) {
    const size_t before = candidates.size();
    proposer_.propose(hypotheses_[i], i, logprobs_of(i), static_cast<size_t>(steps_ - step), candidates);
    if (candidates.size() == before) finish_unended(i);
  }
  if (keeps_hidden()) let_model_see(candidates);
  valuation_.value(hypotheses_, session_->hidden(), static_cast<bool>(observer_), candidates);
  Selection selection = select(candidates, options_.beams, options_.temperature, random_);
  fill_in_cosines(selection);
  for (const Continuation& ended : selection.ended) finish(grow(ended), trimmed(ended.text), /*whole=*/true);
  if (!keeps_hidden()) let_model_see(selection.going_on);
  std::vector<Hypothesis> next;
  next.reserve(selection.going_on.size());
  for (const Continuation& candidate : selection.going_on) next.push_back(grow(candidate));
  hypotheses_ = std::move(next);
  std::vector<int64_t> rows;
  rows.reserve(hypotheses_.size());
  for (const Hypothesis& hypothesis : hypotheses_) rows.push_back(hypothesis.row);
  if (!rows.empty()) logprobs_ = session_->logprobs(rows);
  if (observer_) observe(step, candidates);
}

const float* Search::logprobs_of(size_t index) const {
  return logprobs_.data() + static_cast<int64_t>(index) * model_.vocab_size();
}

void Search::let_model_see(std::vector<Continuation>& candidates) {
  if (candidates.empty()) return;
  std::vector<int64_t> parents;
  std::vector<int32_t> ids;
  for (Continuation& candidate : candidates) {
    candidate.row = static_cast<int64_t>(ids.size());
    parents.push_back(hypotheses_[candidate.parent].row);
    ids.push_back(candidate.id);
  }
  session_->extend(parents, ids);
}

void Search::fill_in_cosines(Selection& selection) const {
  if (observer_ || options_.clip_weight != 0) return;  // all candidates have theirs
  std::vector<Continuation*> chosen;
  for (Continuation& candidate : selection.going_on) chosen.push_back(&candidate);
  for (Continuation& candidate : selection.ended) chosen.push_back(&candidate);
  std::vector<std::string> texts;
  texts.reserve(chosen.size());
  for (const Continuation* candidate : chosen) texts.push_back(candidate->text);
  const std::vector<double> cosines = valuation_.cosines_of(texts);
  for (size_t i = 0; i < chosen.size(); ++i) chosen[i]->cosine = cosines[i];
}

Hypothesis Search::grow(const Continuation& candidate) const {
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
    const float* hidden = session_->hidden().data() + candidate.row * model_.width();
    next.hidden = parent.hidden;
    next.hidden.insert(next.hidden.end(), hidden, hidden + model_.width());
  }
  return next;
}

void Search::finish(Hypothesis hypothesis, const std::string& text, bool whole) {
  Finished finished;
  finished.description.text = text;
  finished.description.cosine = text == trimmed(hypothesis.text) && !hypothesis.tokens.empty()
                                    ? hypothesis.tokens.back().cosine
                                    : valuation_.cosines_of({text}).front();
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
  const float* logprobs = logprobs_of(index);
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
  std::vector<const std::string*> texts;
  for (const Hypothesis& hypothesis : hypotheses_) texts.push_back(&hypothesis.text);
  for (const Finished& finished : finished_) texts.push_back(&finished.description.text);
  if (texts.empty()) return "";
  size_t length = texts.front()->size();
  for (const std::string* text : texts) {
    const size_t shorter = std::min(length, text->size());
    length =
        static_cast<size_t>(std::mismatch(text->begin(), text->begin() + static_cast<std::ptrdiff_t>(shorter),
                                          texts.front()->begin())
                                .first -
                            text->begin());
  }
  return texts.front()->substr(0, length);
}

void Search::observe(int64_t step, const std::vector<Continuation>& candidates) const {
  SearchView view;
  view.step = static_cast<int>(step);
  if (!hypotheses_.empty()) {
    view.text = hypotheses_.front().text;
  } else if (!finished_.empty()) {
    view.text = best().text;
  }
  view.settled = settled_text();
  for (size_t i = 0; i < std::min(candidates.size(), kViewedCandidates); ++i) {
    view.candidates.push_back(
        {candidates[i].text, candidates[i].logprob, candidates[i].cosine, candidates[i].value});
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
