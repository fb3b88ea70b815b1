#include "labels/text_rules.h"

#include <algorithm>
#include <numeric>

#include "kiloword/base/utf8.h"

namespace kiloword {
namespace {

constexpr size_t kQuotedBytes = 60;
constexpr size_t kMaxComparedBytes = 100;  // edit distance is quadratic; no name of a set is longer
constexpr size_t kMaxSuggestions = 3;

/// Levenshtein distance in bytes.
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  const size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) + 1 - first);
}

std::optional<std::pair<std::string_view, std::string_view>> split_once(std::string_view text, char mark) {
  const size_t at = text.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  return std::make_pair(trim(text.substr(0, at)), trim(text.substr(at + 1)));
}

std::string quote(std::string_view text) {
  if (text.size() <= kQuotedBytes) return "'" + printable(text) + "'";
  size_t end = 0;
  while (end < kQuotedBytes) end += decode_utf8(text, end).length;
  return "'" + printable(text.substr(0, end)) + "...'";
}

std::vector<std::string> close_names(std::string_view name, const std::vector<std::string>& known) {
  std::vector<std::pair<size_t, std::string>> close;
  if (name.empty() || name.size() > kMaxComparedBytes) return {};
  for (const std::string& candidate : known) {
    if (candidate.size() > kMaxComparedBytes) continue;
    const size_t distance = edit_distance(name, candidate);
    if (distance <= std::max<size_t>(1, name.size() / 3)) close.emplace_back(distance, candidate);
  }
  std::sort(close.begin(), close.end());
  if (close.size() > kMaxSuggestions) close.resize(kMaxSuggestions);
  std::vector<std::string> names;
  names.reserve(close.size());
  for (auto& [distance, candidate] : close) names.push_back(std::move(candidate));
  return names;
}

std::string did_you_mean(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "did you mean " : " or ") + quote(name);
  return text.empty() ? text : text + "?";
}

bool LineReader::next() {
  if (rest_.empty()) return false;
  const size_t end = rest_.find('\n');
  line_ = rest_.substr(0, end);
  rest_ = end == std::string_view::npos ? std::string_view() : rest_.substr(end + 1);
  if (!line_.empty() && line_.back() == '\r') line_.remove_suffix(1);
  ++number_;
  return true;
}

}  // namespace kiloword
