#include "kiloword/guided/beam_search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <memory>
#include <numeric>
#include <utility>

#include "guided/beam_run.h"
#include "guided/sentences.h"
#include "kiloword/base/error.h"
#include "kiloword/tokenizer/tokenizer.h"

namespace kiloword {
namespace {

/// Likeliest tokens among which those are looked for that the rules allow.
constexpr size_t kReach = 1000;
constexpr size_t kViewedCandidates = 5;

/// The `count` ids of the highest logits, highest first, the lower id first among equals.
std::vector<int32_t> highest(const float* logits, size_t vocabulary, size_t count) {
  std::vector<int32_t> ids(vocabulary);
  std::iota(ids.begin(), ids.end(), 0);
  const auto before = [logits](int32_t a, int32_t b) {
    return logits[a] != logits[b] ? logits[a] > logits[b] : a < b;
  };
  const auto end = ids.begin() + static_cast<std::ptrdiff_t>(std::min(count, vocabulary));
  std::partial_sort(ids.begin(), end, ids.end(), before);
  ids.erase(end, ids.end());
  return ids;
}

/// The logarithm of the sum of exponentials.
double log_total(const float* logits, size_t vocabulary) {
  const double highest = *std::max_element(logits, logits + vocabulary);
  double total = 0;
  for (size_t i = 0; i < vocabulary; ++i) total += std::exp(static_cast<double>(logits[i]) - highest);
  return highest + std::log(total);
}

}  // namespace

BeamOptions beam_options(const GuidedChoices& choices) {
  static const GuidedChoices plain;  // of a local one GCC 12 believes, under sanitizers, that it may be unset
  const std::array<std::pair<const char*, bool>, 8> others{
      {{"--preset", choices.preset != plain.preset},
       {"--prompt", choices.prompt.has_value()},
       {"--chat-prompt", choices.chat_prompt.has_value()},
       {"--candidates", choices.candidates.has_value()},
       {"--lm-weight", choices.lm_weight.has_value()},
       {"--clip-weight", choices.clip_weight.has_value()},
       {"--temperature", choices.temperature.has_value()},
       {"--stop", choices.stop.has_value()}}};
  for (const auto& [option, is_given] : others) {
    if (is_given) {
      throw Error(ErrorKind::kUsage, "for descriptions by a language model only", option,
                  "leave it out, or describe with --engine lm");
    }
  }
  BeamOptions options;
  options.beams = choices.beams.value_or(options.beams);
  if (choices.tokens) options.tokens = *choices.tokens + 1;  // the start token
  return options;
}

BeamSearch::BeamSearch(DescriptionModel& model, const OutputRules& rules, BeamOptions options)
    : model_(model), rules_(rules), options_(options) {
  const auto refuse = [](const std::string& what, const char* option, const std::string& remedy) {
    throw Error(ErrorKind::kUsage, what, option, remedy);
  };
  if (options.beams < 1 || options.beams > model.vocab_size() / 2)
    refuse("more beams than the model has tokens for", "--beams", "use fewer");
  if (options.tokens > model.context_length()) {
    refuse("more tokens than the model takes", "--tokens",
           "use at most " + std::to_string(model.context_length()));
  }
  if (options.tokens <= options.least_tokens) {
    refuse("too few tokens for a description", "--tokens",
           "use at least " + std::to_string(options.least_tokens + 1));
  }
  for (const std::string& phrase : rules.required()) phrases_.push_back(model.tokenizer().encode(phrase));
}

std::vector<Description> BeamSearch::describe(const float* image, const SearchObserver& observer,
                                              const Compare& compare) const {
  return Run(*this, observer, compare).run(image);
}

std::vector<Description> BeamSearch::Run::run(const float* image) {
  const std::unique_ptr<DescriptionSession> session = search_.model_.start(image);
  const auto most = static_cast<size_t>(search_.options_.tokens);
  int step = 0;
  while (!beams_.empty() && length() < most) {
    const std::vector<Candidate> candidates = propose(session->logits());
    const size_t grown = length() + 1;
    const std::vector<Candidate> chosen = choose(candidates);
    const bool done = is_done(candidates, grown);
    go_on(chosen);
    if (done) beams_.clear();
    if (observer_) observe(++step, chosen);
    if (beams_.empty() || length() == most) break;
    std::vector<int64_t> parents;
    std::vector<int32_t> ids;
    for (const Candidate& candidate : chosen) {
      parents.push_back(static_cast<int64_t>(candidate.parent));
      ids.push_back(candidate.id);
    }
    session->extend(parents, ids);
  }
  for (const Beam& beam : beams_) {
    if (beam.forced.empty() && beam.phrases == search_.phrases_.size()) finish(beam, length());
  }
  std::stable_sort(finished_.begin(), finished_.end(),
                   [](const Finished& a, const Finished& b) { return a.value > b.value; });
  std::vector<Description> descriptions;
  for (const Finished& finished : finished_) descriptions.push_back(description_of(finished.beam));
  if (descriptions.empty()) {
    throw Error(ErrorKind::kInput, "no description is left that the output rules allow", "",
                "relax --avoid, --must-include or --max-chars, or raise --beams or --tokens");
  }
  return descriptions;
}

std::string BeamSearch::Run::text_of(const std::vector<int32_t>& ids) const {
  std::vector<int32_t> written;
  const int32_t start = search_.model_.start_id();
  std::copy_if(ids.begin(), ids.end(), std::back_inserter(written),
               [start](int32_t id) { return id != start; });
  return search_.model_.tokenizer().decode(written);
}

std::vector<BeamSearch::Run::Candidate> BeamSearch::Run::propose(const std::vector<float>& logits) const {
  std::vector<Candidate> candidates;
  for (size_t i = 0; i < beams_.size(); ++i)
    propose(i, logits.data() + i * static_cast<size_t>(search_.model_.vocab_size()), candidates);
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.sum > b.sum; });
  return candidates;
}

void BeamSearch::Run::propose(size_t parent, const float* logits, std::vector<Candidate>& candidates) const {
  const Beam& beam = beams_[parent];
  const auto vocabulary = static_cast<size_t>(search_.model_.vocab_size());
  const double total = log_total(logits, vocabulary);
  const auto rest_of = [](const std::vector<int32_t>& ids) {
    return std::vector<int32_t>(ids.begin() + 1, ids.end());
  };
  if (!beam.forced.empty()) {
    add(parent, beam.forced.front(), logits, total, rest_of(beam.forced), candidates);
    return;
  }
  const size_t begin = candidates.size();
  const size_t enough = begin + 2 * beam_count();
  for (size_t reach = 2 * beam_count(), looked_at = 0;; reach = std::max(reach, kReach)) {
    const std::vector<int32_t> ids = highest(logits, vocabulary, reach);
    for (; looked_at < ids.size() && candidates.size() < enough; ++looked_at)
      add(parent, ids[looked_at], logits, total, {}, candidates);
    if (candidates.size() >= enough || reach >= std::min(kReach, vocabulary)) break;
  }
  // Where a text may not go on, it may end.
  if (candidates.size() == begin) add(parent, search_.model_.end_id(), logits, total, {}, candidates);
  if (search_.phrases_.empty()) return;
  const std::vector<bool> included = search_.rules_.included(text_of(beam.ids), /*finished=*/true);
  const size_t left = static_cast<size_t>(search_.options_.tokens) - length();
  const size_t natural = candidates.size();
  for (size_t i = 0; i < included.size(); ++i) {
    const std::vector<int32_t>& phrase = search_.phrases_[i];
    if (included[i] || phrase.empty() || phrase.size() > left) continue;
    const bool is_there =
        std::any_of(candidates.begin() + static_cast<std::ptrdiff_t>(begin),
                    candidates.begin() + static_cast<std::ptrdiff_t>(natural),
                    [&](const Candidate& c) { return phrase.size() == 1 && c.id == phrase.front(); });
    if (!is_there) add(parent, phrase.front(), logits, total, rest_of(phrase), candidates);
  }
}

bool BeamSearch::Run::add(size_t parent, int32_t id, const float* logits, double total,
                          std::vector<int32_t> forced, std::vector<Candidate>& candidates) const {
  const Beam& beam = beams_[parent];
  const bool ends = id == search_.model_.end_id();
  if (ends && length() < static_cast<size_t>(search_.options_.least_tokens)) return false;
  std::vector<int32_t> ids = beam.ids;
  if (!ends) ids.push_back(id);
  const std::string text = text_of(ids);
  if (!ends && !search_.rules_.allows(trimmed(text))) return false;
  Candidate candidate;
  candidate.parent = parent;
  candidate.id = id;
  candidate.logprob = static_cast<double>(logits[id]) - total;
  candidate.sum = beam.sum + logits[id];
  candidate.forced = std::move(forced);
  if (const size_t required = search_.phrases_.size(); required > 0) {
    const std::vector<bool> included = search_.rules_.included(text, /*finished=*/true);
    const auto count = static_cast<size_t>(std::count(included.begin(), included.end(), true));
    if (ends && count < required) return false;
    candidate.phrases = std::min(count + (candidate.forced.empty() ? 0 : 1), required);
  }
  candidates.push_back(std::move(candidate));
  return true;
}

std::vector<BeamSearch::Run::Candidate> BeamSearch::Run::choose(const std::vector<Candidate>& candidates) {
  std::vector<Candidate> going_on;
  for (size_t phrases = 0; phrases <= search_.phrases_.size(); ++phrases) {
    size_t rank = 0;
    size_t kept = 0;
    for (const Candidate& candidate : candidates) {
      if (candidate.phrases != phrases) continue;
      if (rank == 2 * beam_count() || kept == beam_count()) break;
      // An end that is not among the best is no reason to stop.
      const bool is_best = rank++ < beam_count();
      if (candidate.id != search_.model_.end_id()) {
        going_on.push_back(candidate);
        ++kept;
      } else if (is_best) {
        Beam ended = beams_[candidate.parent];
        ended.sum = candidate.sum;
        finish(ended, length() + 1);
      }
    }
  }
  return going_on;
}

void BeamSearch::Run::go_on(const std::vector<Candidate>& chosen) {
  std::vector<Beam> next;
  next.reserve(chosen.size());
  for (const Candidate& candidate : chosen) {
    Beam beam = beams_[candidate.parent];
    beam.ids.push_back(candidate.id);
    beam.logprobs.push_back(candidate.logprob);
    beam.sum = candidate.sum;
    beam.phrases = candidate.phrases;
    beam.forced = candidate.forced;
    next.push_back(std::move(beam));
  }
  beams_ = std::move(next);
}

void BeamSearch::Run::finish(const Beam& beam, size_t length) {
  const double value = static_cast<double>(beam.sum) / static_cast<double>(length);
  if (finished_.size() >= beam_count() && value <= worst_) return;
  finished_.push_back({value, beam});
  const auto lower = [](const Finished& a, const Finished& b) { return a.value < b.value; };
  if (finished_.size() > beam_count())
    finished_.erase(std::min_element(finished_.begin(), finished_.end(), lower));
  worst_ = std::min_element(finished_.begin(), finished_.end(), lower)->value;
}

bool BeamSearch::Run::is_done(const std::vector<Candidate>& candidates, size_t length) const {
  if (candidates.empty()) return true;
  if (finished_.size() < beam_count()) return false;
  return worst_ >= static_cast<double>(candidates.front().sum) / static_cast<double>(length);
}

Description BeamSearch::Run::description_of(const Beam& beam) const {
  Description description;
  description.text = trimmed(text_of(beam.ids));
  for (size_t i = 0; i < beam.ids.size(); ++i)
    description.tokens.push_back({beam.ids[i], text_of({beam.ids[i]}), beam.logprobs[i], 0});
  return description;
}

std::string BeamSearch::Run::settled_text() const {
  std::vector<std::string> texts;
  for (const Beam& beam : beams_) texts.push_back(text_of(beam.ids));
  for (const Finished& finished : finished_) texts.push_back(text_of(finished.beam.ids));
  return common_start({texts.begin(), texts.end()});
}

void BeamSearch::Run::observe(int step, const std::vector<Candidate>& candidates) const {
  SearchView view;
  view.step = step;
  view.settled = settled_text();
  std::vector<std::string> texts;
  for (size_t i = 0; i < std::min(beams_.size(), kViewedCandidates); ++i)
    texts.push_back(trimmed(text_of(beams_[i].ids)));
  const std::vector<double> cosines = compare_ ? compare_(texts) : std::vector<double>(texts.size());
  for (size_t i = 0; i < texts.size(); ++i)
    view.candidates.push_back({texts[i], candidates[i].logprob, cosines[i], candidates[i].sum});
  const auto best = std::max_element(finished_.begin(), finished_.end(),
                                     [](const Finished& a, const Finished& b) { return a.value < b.value; });
  if (!texts.empty()) {
    view.text = texts.front();
  } else if (best != finished_.end()) {
    view.text = trimmed(text_of(best->beam.ids));
  }
  observer_(view);
}

}  // namespace kiloword
