#include "clip/word_list.h"

#include <algorithm>
#include <set>

#include "kiloword/base/error.h"

namespace kiloword {
namespace {

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

[[noreturn]] void refuse(const std::string& what, const std::string& place) {
  throw Error(ErrorKind::kModel, what, place, "download the model again");
}

}  // namespace

std::vector<HeadWord> parse_word_list(std::string_view content, const std::string& name) {
  std::vector<HeadWord> words;
  std::set<std::string_view> seen;
  for (size_t line = 1; !content.empty(); ++line) {
    const std::string place = name + ":" + std::to_string(line);
    const size_t end = std::min(content.find('\n'), content.size());
    const std::string_view text = content.substr(0, end);
    content.remove_prefix(std::min(end + 1, content.size()));
    const size_t tab = text.find('\t');
    if (tab == std::string_view::npos || !is_word(text.substr(0, tab)) || !is_word(text.substr(tab + 1)))
      refuse("not a word and its class", place);
    if (!seen.insert(text.substr(0, tab)).second) refuse("a word that is listed twice", place);
    if (words.size() == kMaxHeadWords) refuse("too many words", place);
    words.push_back({std::string(text.substr(0, tab)), std::string(text.substr(tab + 1))});
  }
  if (words.empty()) refuse("no words", name);
  return words;
}

}  // namespace kiloword
