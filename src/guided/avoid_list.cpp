#include <algorithm>

#include "guided/phrase_set.h"
#include "kiloword/base/byte_order_mark.h"
#include "kiloword/base/error.h"
#include "kiloword/base/file.h"
#include "kiloword/guided/output_rules.h"

namespace kiloword {
namespace {

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\v\f";
  const size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) + 1 - first);
}

}  // namespace

std::vector<std::string> parse_avoid_list(std::string_view content, const std::string& name) {
  content = without_byte_order_mark(content);
  std::vector<std::string> phrases;
  for (int line = 1; !content.empty(); ++line) {
    const size_t end = std::min(content.find('\n'), content.size());
    std::string phrase(trim(content.substr(0, end)));
    content.remove_prefix(std::min(end + 1, content.size()));
    if (phrase.empty() || phrase[0] == '#') continue;
    phrase_words(phrase, name + ":" + std::to_string(line));
    phrases.push_back(std::move(phrase));
  }
  return phrases;
}

std::vector<std::string> read_avoid_file(const std::filesystem::path& path) {
  return parse_avoid_list(read_file(path, kMaxAvoidFileBytes, ErrorKind::kUsage), path.string());
}

}  // namespace kiloword
