#include "kiloword/guided/output_rules.h"

#include <algorithm>
#include <utility>

#include "guided/folded_text.h"
#include "guided/phrase_set.h"
#include "kiloword/base/error.h"
#include "kiloword/base/suggestion.h"
#include "kiloword/base/utf8.h"

namespace kiloword {
namespace {

bool has_more_code_points(std::string_view text, size_t limit) {
  size_t count = 0;
  for (size_t i = 0; i < text.size(); i += decode_utf8(text, i).length) {
    if (++count > limit) return true;
  }
  return false;
}

}  // namespace

struct OutputRules::State {
  PhraseSet avoided;
  std::vector<std::string> avoided_spelling;  // by number in `avoided`
  PhraseSet required;
  std::vector<std::string> required_spelling;
  std::vector<size_t> required_number;  // of each, in `required`
  std::optional<size_t> max_chars;

  std::optional<size_t> first_avoided(const std::vector<std::string>& words) const {
    std::optional<size_t> first;
    avoided.find(words, [&first](size_t phrase, size_t) {
      first = phrase;
      return true;
    });
    return first;
  }
};

OutputRules::OutputRules(const OutputRuleOptions& options) {
  auto state = std::make_unique<State>();
  state->max_chars = options.max_chars;
  state->required_spelling = options.required;
  for (const std::string& phrase : options.avoided) {
    const size_t number = state->avoided.add(phrase_words(phrase, "--avoid"));
    if (number == state->avoided_spelling.size()) state->avoided_spelling.push_back(phrase);
  }
  for (const std::string& phrase : options.required) {
    const std::vector<std::string> words = phrase_words(phrase, "--must-include");
    if (const std::optional<size_t> avoided = state->first_avoided(words)) {
      throw Error(ErrorKind::kUsage,
                  "required phrase " + quote(phrase) + " holds the avoided phrase " +
                      quote(state->avoided_spelling[*avoided]),
                  "--must-include", "take it from one of the lists");
    }
    state->required_number.push_back(state->required.add(words));
  }
  state_ = std::move(state);
}

OutputRules::OutputRules(OutputRules&& other) noexcept = default;
OutputRules& OutputRules::operator=(OutputRules&& other) noexcept = default;
OutputRules::~OutputRules() = default;

bool OutputRules::allows(std::string_view text) const {
  if (state_->max_chars && has_more_code_points(text, *state_->max_chars)) return false;
  return state_->avoided_spelling.empty() || !state_->first_avoided(fold_text(text).words);
}

std::optional<std::string> OutputRules::violation(std::string_view text) const {
  if (const std::optional<size_t> avoided = state_->first_avoided(fold_text(text).words)) {
    return "avoided phrase " + quote(state_->avoided_spelling[*avoided]);
  }
  if (state_->max_chars && has_more_code_points(text, *state_->max_chars)) {
    return "longer than " + std::to_string(*state_->max_chars) + " characters";
  }
  return std::nullopt;
}

const std::vector<std::string>& OutputRules::required() const {
  return state_->required_spelling;
}

std::vector<bool> OutputRules::included(std::string_view text, bool finished) const {
  const std::vector<size_t>& numbers = state_->required_number;
  std::vector<bool> result(numbers.size());
  if (numbers.empty()) return result;
  const FoldedText folded = fold_text(text);
  const size_t complete = folded.words.size() - (folded.open_end && !finished ? 1 : 0);
  state_->required.find(folded.words, [&](size_t phrase, size_t end) {
    for (size_t i = 0; i < numbers.size(); ++i) {
      if (numbers[i] == phrase && end <= complete) result[i] = true;
    }
    return false;
  });
  return result;
}

}  // namespace kiloword
