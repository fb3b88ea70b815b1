#include "kiloword/base/suggestion.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

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

}  // namespace kiloword
